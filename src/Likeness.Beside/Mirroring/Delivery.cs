using System.Collections.Concurrent;
using Likeness.Beside.Accounts;
using Likeness.Stores;
using Likeness.Xmpp;
using Microsoft.Extensions.Logging;

namespace Likeness.Beside.Mirroring;

/// <summary>Brings one account's portrait to its chat server when it was changed here. Called for one account at a time.</summary>
internal sealed partial class Delivery(
    AvatarReader reader,
    AvatarWriter writer,
    Mirror mirror,
    string server,
    PortraitBook book,
    IBesideStore store,
    BesideCounters counters,
    TimeProvider time,
    ILogger log)
{
    /// <summary>Writes in an hour over what somebody in chats had put in the place of a former one; then the account waits until the hour is over.</summary>
    public const int MaxWritesPerHour = 3;

    private readonly RecentWrites _recent = new(time);

    /// <summary>Brings what was changed here to the chat server. True: done, or nothing to do.</summary>
    /// <param name="connected">Since when it is heard at once what is changed in chats.</param>
    public async Task<bool> Write(Identity identity, DateTimeOffset connected, CancellationToken cancellationToken)
    {
        var account = Jid.Parse(identity.Value);
        var portrait = await book.Find(identity, cancellationToken);
        var known = await store.Find(identity, cancellationToken) ?? new BesideAccount(identity, server);
        if (portrait.Origin == Origin.Beside || portrait.Version <= known.LocalVersion)
        {
            return true;
        }

        if (writer.WayOf(account.Domain) == WriteWay.None)
        {
            return false;
        }

        var contradicts = known.Written is not null && known.Seen != known.Written;
        if (contradicts && !_recent.MayAdd(identity))
        {
            if (known.State != BesideState.Parked)
            {
                await store.Save(known with { State = BesideState.Parked }, cancellationToken);
                Log.Parked(log, identity.Value, MaxWritesPerHour);
            }

            return false;
        }

        // A picture that was set in chats while nobody heard of it is the later change by our clock, and this one is over.
        var now = await reader.Read(account, known, lookAtVCard: false, cancellationToken);
        if (now is RemoteAvatar.Unknown { IsOverloaded: true })
        {
            return false;
        }

        if (portrait.Changed < connected && now.Key is { Length: > 0 } id && !known.Knows(id) && id != portrait.Picture?.Id.Hex)
        {
            counters.Conflict();
            Log.Conflict(log, identity.Value);
            await mirror.Look(identity, Work.Looking, cancellationToken);
            return true;
        }

        var wanted = portrait.Picture?.Id.Hex ?? "";
        for (var attempt = 0; attempt < 2 && GivesWay(now, known, wanted) is { } shown && !await mirror.PutAway(account, known, shown, cancellationToken); attempt++)
        {
            // It was replaced while it was fetched, or the server does not keep up. What nobody can have is not waited for.
            now = await reader.Read(account, known, lookAtVCard: false, cancellationToken);
            if (now is RemoteAvatar.Unknown { IsOverloaded: true })
            {
                return false;
            }
        }

        if (now.Key != wanted && now is not RemoteAvatar.Shown { FromVCard: true } && !await PutAwayPhoto(account, known, now.Key, wanted, cancellationToken))
        {
            return false;
        }

        if (contradicts)
        {
            _recent.Add(identity);
        }

        return await Bring(account, known, portrait, now, cancellationToken);
    }

    // What was known was the portrait here, and is among the earlier pictures if it is not now.
    private static RemoteAvatar.Shown? GivesWay(RemoteAvatar now, BesideAccount known, string wanted) =>
        now is RemoteAvatar.Shown shown && shown.Id != wanted && shown.Id != known.Refused && !known.Knows(shown.Id) ? shown : null;

    // Nobody needs to have looked at the vCard before, and what is written replaces its photo, too. False: the server does not keep up.
    private async Task<bool> PutAwayPhoto(Jid account, BesideAccount known, string? shown, string wanted, CancellationToken cancellationToken)
    {
        var photo = await writer.Photo(account, cancellationToken);
        if (GivesWay(photo, known, wanted) is { } givesWay && givesWay.Id != shown && !await mirror.IsCopy(givesWay, [shown, known.Written, wanted], cancellationToken))
        {
            await mirror.PutAway(account, known, givesWay, cancellationToken);
        }

        return photo is not RemoteAvatar.Unknown { IsOverloaded: true };
    }

    private async Task<bool> Bring(Jid account, BesideAccount known, Portrait portrait, RemoteAvatar now, CancellationToken cancellationToken)
    {
        var visibility = book.VisibilityOf(portrait);
        var access = visibility.ToAccessModel();
        var isChosenHere = known.Visibility is { } said && said != visibility;
        var mayConfigure = writer.Configures(account.Domain);
        var wanted = portrait.Picture?.Id.Hex ?? "";
        Written? written = null;
        if (now.Key != wanted)
        {
            if (portrait.Picture is null)
            {
                written = await writer.Clear(account, cancellationToken);
            }
            else if (await book.Read(portrait.Picture.Id, cancellationToken) is { } picture)
            {
                // Nodes that this makes get the portrait's visibility; of those that are there their owner chose.
                var isNew = now is RemoteAvatar.None && known.Access is null && reader.IsOwner(account);
                var links = visibility == Visibility.Public ? portrait.Links : [];
                written = await writer.Publish(account, picture, links, (isChosenHere && mayConfigure) || isNew ? access : null, cancellationToken);
            }
        }

        if (written?.Problem is null && isChosenHere && mayConfigure)
        {
            written = await writer.Configure(account, access, cancellationToken);
        }

        if (written?.Problem is { } problem)
        {
            Log.NotWritten(log, account.BareText, problem);
            counters.Failure();
            return false;
        }

        counters.Write();
        await store.Save(
            known with
            {
                State = wanted.Length > 0 ? BesideState.Shown : BesideState.Empty,
                Seen = wanted,
                FromVCard = false,
                Written = wanted,
                WrittenAt = time.GetUtcNow(),
                Alias = null,
                Access = written?.Access ?? known.Access,
                Visibility = written?.Access is null ? known.Visibility : visibility,
                LocalVersion = portrait.Version,
            },
            cancellationToken);
        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "{Account} changed the avatar in chats after it was changed here: what is in chats counts")]
        public static partial void Conflict(ILogger logger, string account);

        [LoggerMessage(2, LogLevel.Warning, "The portrait of {Account} and that in chats replaced each other {Most} times within an hour: that is left alone for a while")]
        public static partial void Parked(ILogger logger, string account, int most);

        [LoggerMessage(3, LogLevel.Information, "The portrait of {Account} could not be written to the chat server: {Problem}. It is tried again.")]
        public static partial void NotWritten(ILogger logger, string account, string problem);
    }
}

/// <summary>How often the portraits of accounts were written over others in the last hour.</summary>
internal sealed class RecentWrites(TimeProvider time)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private readonly ConcurrentDictionary<Identity, DateTimeOffset[]> _writes = new();

    /// <summary>False: it was as often as is allowed.</summary>
    public bool MayAdd(Identity account) => Recent(account).Length < Delivery.MaxWritesPerHour;

    public void Add(Identity account)
    {
        var now = time.GetUtcNow();
        foreach (var old in _writes.Where(entry => now - entry.Value[^1] > Hour))
        {
            _writes.TryRemove(old);
        }

        _writes[account] = [.. Recent(account), now];
    }

    private DateTimeOffset[] Recent(Identity account) => [.. (_writes.GetValueOrDefault(account) ?? []).Where(at => time.GetUtcNow() - at < Hour)];
}
