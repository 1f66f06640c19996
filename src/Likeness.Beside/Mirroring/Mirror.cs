using Likeness.Beside.Accounts;
using Likeness.Imaging;
using Likeness.Libravatar;
using Likeness.Stores;
using Likeness.Xmpp;
using Microsoft.Extensions.Logging;

namespace Likeness.Beside.Mirroring;

/// <summary>Keeps one account's portrait the same on both sides. Called for one account at a time.</summary>
#pragma warning disable CA1001 // Its semaphore has no handle.
internal sealed partial class Mirror(
#pragma warning restore CA1001
    BesideOptions options,
    AvatarReader reader,
    AvatarWriter writer,
    PortraitBook book,
    IBesideStore store,
    IAlbumStore albums,
    ImageGate gate,
    IImageRenderer renderer,
    BesideCounters counters,
    TimeProvider time,
    ILogger log) : IDisposable
{
    /// <summary>Pictures that are fetched at once.</summary>
    public const int MaxFetches = 4;

    // A picture that was only encoded anew differs in hardly a bit; what counts as a near copy elsewhere may be another one.
    private const int MaxEchoDistance = 3;
    private static readonly TimeSpan EchoTime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AgainTime = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _fetches = new(MaxFetches);
    private readonly Cause _cause = new(Origin.Beside, $"beside {options.Name}");

    /// <summary>Somebody heard of the account; the one way in for every way to hear.</summary>
    public async Task<LookResult> Look(Identity identity, Work work, CancellationToken cancellationToken)
    {
        var account = Jid.Parse(identity.Value);
        if (await store.Find(identity, cancellationToken) is not { } known)
        {
            // Now, and not with the portrait: what that replaces is kept for who has an account.
            known = new BesideAccount(identity, options.Name);
            await store.Save(known, cancellationToken);
        }

        if (!work.Look && work.Id is { } hint && (known.Knows(hint) || hint == known.Refused))
        {
            return LookResult.Done;
        }

        counters.Read();
        var lookAtVCard = work.Id is { Length: > 0 };
        var found = await reader.Read(account, known, lookAtVCard, cancellationToken);
        known = known with { Server = options.Name, Checked = time.GetUtcNow(), Missed = 0, Gone = null };
        if (found is RemoteAvatar.Shown { FromVCard: false } || options.JoinsRosters)
        {
            var wasSubscribed = known.IsSubscribed;
            known = await WithSubscription(account, known, work.Look, cancellationToken);
            if (known.IsSubscribed && !wasSubscribed)
            {
                // What changed before the server began to tell of changes is seen now.
                found = await reader.Read(account, known, lookAtVCard, cancellationToken);
            }
        }

        switch (found)
        {
            case RemoteAvatar.Unknown unknown:
                known = known.Seen is { Length: > 0 } || unknown.IsOverloaded ? known : known with { Seen = null, State = BesideState.Unknown };
                await store.Save(known, cancellationToken);
                return unknown.IsOverloaded ? LookResult.Overloaded : LookResult.Done;
            case RemoteAvatar.None:
                await Empty(known, cancellationToken);
                return LookResult.Done;
            case RemoteAvatar.Shown shown:
                if (!await Show(account, known, shown, cancellationToken))
                {
                    // The picture was replaced while it was fetched, or is still to come.
                    await Task.Delay(AgainTime, time, cancellationToken);
                    return await reader.Read(account, known, lookAtVCard, cancellationToken) is RemoteAvatar.Shown later && await Show(account, known, later, cancellationToken)
                        ? LookResult.Done
                        : LookResult.Again;
                }

                return LookResult.Done;
            default:
                return LookResult.Done;
        }
    }

    /// <summary>Asks only whether there is metadata. True: there is something to look at.</summary>
    public async Task<bool> Glance(Identity identity, CancellationToken cancellationToken)
    {
        var known = await store.Find(identity, cancellationToken);
        return await reader.Glance(Jid.Parse(identity.Value), cancellationToken) switch
        {
            RemoteAvatar.Shown shown => known?.Knows(shown.Id) != true && known?.Refused != shown.Id,
            RemoteAvatar.None => known?.Seen is { Length: > 0 },
            // A node that was not there, and may not be read.
            RemoteAvatar.Unknown { IsOverloaded: false } => known?.Seen == "",
            _ => false,
        };
    }

    /// <summary>What somebody set in chats gives way to what is set here, and is among the person's earlier pictures. False: it cannot be had.</summary>
    public async Task<bool> PutAway(Jid account, BesideAccount known, RemoteAvatar.Shown shown, CancellationToken cancellationToken)
    {
        var bytes = shown.Bytes ?? await Fetch(account, shown.Id, cancellationToken);
        if (bytes is null)
        {
            return false;
        }

        if (await IsEcho(known, shown.Id, bytes, cancellationToken))
        {
            return true;
        }

        try
        {
            var picture = Inspect(bytes);
            await book.RefuseBlocked([picture], null, cancellationToken);

            // Earlier pictures are of who is known to have an account.
            await store.Save(known, cancellationToken);
            await albums.PutAway(known.Account, picture, Origin.Beside, time.GetUtcNow(), cancellationToken);
            counters.Conflict();
            Log.GaveWay(log, known.Account.Value);
        }
        catch (Exception refused) when (refused is ImageRefusedException or PictureBlockedException)
        {
            Log.Refused(log, known.Account.Value, shown.Id, refused.Message);
        }

        return true;
    }

    /// <summary>A vCard's photo is the same picture as one of these: servers and clients make a smaller one for vCards.</summary>
    public async Task<bool> IsCopy(RemoteAvatar.Shown photo, IEnumerable<string?> ids, CancellationToken cancellationToken)
    {
        foreach (var id in ids.OfType<string>().Distinct(StringComparer.Ordinal))
        {
            if (photo.Bytes is { } bytes && await LooksAlike(id, bytes, cancellationToken))
            {
                return true;
            }
        }

        return false;
    }

    public void Dispose() => _fetches.Dispose();

    private async Task Empty(BesideAccount known, CancellationToken cancellationToken)
    {
        var isRemoval = known.Seen is { Length: > 0 };
        known = known with { State = BesideState.Empty, Seen = "", FromVCard = false, Refused = null, IsSubscribed = known.IsSubscribed && options.JoinsRosters, Access = null };
        if (!isRemoval)
        {
            await store.Save(known, cancellationToken);
            return;
        }

        try
        {
            await book.Clear(known.Account, _cause, new Clearing { Alongside = [new StoreWrite.Beside(known)] }, cancellationToken);
            counters.Removal();
        }
        catch (PortraitLockedException locked)
        {
            Log.NotRemoved(log, known.Account.Value, locked.Message);
            await store.Save(known, cancellationToken);
        }
    }

    /// <summary>False: the picture could not be fetched.</summary>
    private async Task<bool> Show(Jid account, BesideAccount known, RemoteAvatar.Shown shown, CancellationToken cancellationToken)
    {
        var isKnown = known.Knows(shown.Id);
        var isRefused = !isKnown && shown.Id == known.Refused;
        byte[]? bytes = null;
        if (!isKnown && !isRefused)
        {
            bytes = shown.Bytes ?? await Fetch(account, shown.Id, cancellationToken);
            if (bytes is null)
            {
                await store.Save(known, cancellationToken);
                return false;
            }

            if (await IsEcho(known, shown.Id, bytes, cancellationToken))
            {
                counters.Echo();
                await store.Save(known with { Alias = shown.Id }, cancellationToken);
                return true;
            }
        }

        var before = known.Visibility;
        known = await WithVisibility(account, known, shown, cancellationToken);
        var isStricter = known.Visibility > before;
        if (isStricter || (isKnown && known.Visibility != before))
        {
            await book.SetVisibility(known.Account, known.Visibility!.Value, _cause, cancellationToken: cancellationToken);
        }

        if (bytes is null)
        {
            await store.Save(known with { State = isRefused ? BesideState.Refused : BesideState.Shown }, cancellationToken);
        }
        else if (await TakeOver(known with { FromVCard = shown.FromVCard }, shown.Id, bytes, cancellationToken) && !isStricter && known.Visibility is { } open)
        {
            await book.SetVisibility(known.Account, open, _cause, cancellationToken: cancellationToken);
        }

        return true;
    }

    /// <summary>False: the picture is not one for here.</summary>
    private async Task<bool> TakeOver(BesideAccount known, string id, byte[] bytes, CancellationToken cancellationToken)
    {
        try
        {
            var picture = Inspect(bytes);
            known = known with { State = BesideState.Shown, Seen = id, Refused = null, Alias = null };
            var portrait = await Set(known, picture, cancellationToken);
            counters.Change();
            if (portrait.Origin != Origin.Beside)
            {
                // It was here already: nothing of it waits to be written.
                await store.Save(known with { LocalVersion = portrait.Version }, cancellationToken);
            }

            return true;
        }
        catch (Exception refused) when (refused is ImageRefusedException or PictureBlockedException or PortraitLockedException)
        {
            Log.Refused(log, known.Account.Value, id, refused.Message);
            await store.Save(known with { State = BesideState.Refused, Refused = id }, cancellationToken);
            return false;
        }
    }

    private Picture Inspect(byte[] bytes)
    {
        var header = bytes.Length <= options.LargestPicture ? gate.Inspect(bytes) : throw new ImageRefusedException(RefusalReason.FileTooLarge, $"it has {bytes.Length} bytes");
        return Picture.Of(bytes, header.Format.MediaType(), header.Width, header.Height);
    }

    private async Task<Portrait> Set(BesideAccount known, Picture picture, CancellationToken cancellationToken)
    {
        var portrait = new NewPortrait
        {
            Picture = picture,
            Access = known.Visibility?.ToAccessModel(),
            Address = options.AddressesAreTheSame != false ? AddressOf(known.Account) : null,
            Alongside = [new StoreWrite.Beside(known)],
        };
        try
        {
            return await book.Set(known.Account, portrait, _cause, cancellationToken);
        }
        catch (StoreConflictException taken) when (portrait.Address is not null && taken is not StaleWriteException)
        {
            Log.AddressTaken(log, known.Account.Value);
            return await book.Set(known.Account, portrait with { Address = null }, _cause, cancellationToken);
        }
    }

    private static Address? AddressOf(Identity account)
    {
        try
        {
            return Address.Email(account.Value);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private async Task<byte[]?> Fetch(Jid account, string id, CancellationToken cancellationToken)
    {
        await _fetches.WaitAsync(cancellationToken);
        try
        {
            counters.Fetch();
            return await reader.Fetch(account, id, cancellationToken);
        }
        finally
        {
            _fetches.Release();
        }
    }

    // Some servers make another picture of what is written: ejabberd's mod_avatar with convert, Prosody's PNG modules.
    private async Task<bool> IsEcho(BesideAccount known, string id, byte[] bytes, CancellationToken cancellationToken)
    {
        if (known is not { Written: { Length: > 0 } written, WrittenAt: { } at, Alias: null } || known.Seen != written || id == written || time.GetUtcNow() - at > EchoTime)
        {
            return false;
        }

        return await LooksAlike(written, bytes, cancellationToken);
    }

    private async Task<bool> LooksAlike(string id, byte[] bytes, CancellationToken cancellationToken)
    {
        try
        {
            gate.Inspect(bytes);
            return PictureId.TryParse(id, out var ours)
                && await book.Read(ours, cancellationToken) is { } picture
                && await PerceptualHash.Of(picture.Bytes, renderer, cancellationToken) is { } one
                && await PerceptualHash.Of(bytes, renderer, cancellationToken) is { } other
                && one.DistanceTo(other) <= MaxEchoDistance;
        }
        catch (Exception unreadable) when (unreadable is ImageRefusedException or RenderUnavailableException)
        {
            return false;
        }
    }

    /// <summary>Read again where the nodes' access or the picture is another one; else what was found holds.</summary>
    private async Task<BesideAccount> WithVisibility(Jid account, BesideAccount known, RemoteAvatar.Shown shown, CancellationToken cancellationToken)
    {
        var access = await reader.Access(account, cancellationToken);
        if (access is not null && known.Access == access + AvatarReader.ChosenHere)
        {
            return known;
        }

        var isOwner = access is not null;
        if (known.Visibility is not null && isOwner && access == known.Access && known.Seen == shown.Id)
        {
            return known;
        }

        var seen = await reader.Visibility(account, access, shown, cancellationToken);
        return known with { Access = access, Visibility = seen ?? known.Visibility };
    }

    private async Task<BesideAccount> WithSubscription(Jid account, BesideAccount known, bool verify, CancellationToken cancellationToken)
    {
        if (options.JoinsRosters)
        {
            return known.IsSubscribed ? known : known with { IsSubscribed = await writer.JoinRoster(account, cancellationToken) };
        }

        return known.IsSubscribed && !(verify && await writer.IsSubscribed(account, cancellationToken) == false)
            ? known
            : known with { IsSubscribed = await writer.Subscribe(account, cancellationToken) };
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The picture {Id} of {Account} on the chat server is not taken: {Reason}")]
        public static partial void Refused(ILogger logger, string account, string id, string reason);

        [LoggerMessage(2, LogLevel.Warning, "The address {Account} stands for somebody else on the web; the chat account's portrait is not shown under it")]
        public static partial void AddressTaken(ILogger logger, string account);

        [LoggerMessage(3, LogLevel.Information, "{Account} took the avatar away in chats, and it stays here: {Reason}")]
        public static partial void NotRemoved(ILogger logger, string account, string reason);

        [LoggerMessage(4, LogLevel.Information, "{Account} changed the avatar in chats before it was changed here: what is here counts, and what was in chats is among the earlier pictures")]
        public static partial void GaveWay(ILogger logger, string account);
    }
}

/// <summary>What became of a look.</summary>
internal enum LookResult
{
    Done,

    /// <summary>Something could not be had; it is worth trying again.</summary>
    Again,

    /// <summary>The server did not keep up.</summary>
    Overloaded,
}
