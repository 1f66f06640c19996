using System.Collections.Immutable;
using Likeness.Libravatar;
using Likeness.Stores;
using Microsoft.Extensions.Logging;

namespace Likeness;

/// <summary>The one door to every portrait. All surfaces read here and write here; a write is durable before it returns, then every listener is told once.</summary>
public sealed partial class PortraitBook(
    IPortraitStore store,
    DomainPolicies policies,
    TimeProvider time,
    ILogger<PortraitBook> log,
    IPictureGuard? guard = null,
    AddressBook? addresses = null,
    VisibilityDefaults? visibility = null)
{
    private const int Stripes = 256;
    private const int MaxAttempts = 8;

    // Who read the old metadata a moment ago can still fetch its picture. A removed picture is gone at once.
    private static readonly TimeSpan ReplacedLifetime = TimeSpan.FromMinutes(10);
    private readonly Stripe[] _stripes = new Stripe[Stripes];
    private ImmutableArray<IPortraitListener> _listeners = [];
    private readonly PortraitCache _cache = new(store, visibility ?? new VisibilityDefaults(policies));

    /// <summary>What holds for who chose nothing, and what may be chosen.</summary>
    public VisibilityDefaults Defaults { get; } = visibility ?? new VisibilityDefaults(policies);

    /// <summary>The portrait of a person; an empty one for somebody never heard of.</summary>
    public ValueTask<Portrait> Find(Identity identity, CancellationToken cancellationToken = default) =>
        _cache.Find(identity) is { } portrait ? new(portrait) : Load(identity, cancellationToken);

    /// <summary>The portrait an address hash stands for; null when no confirmed address has it.</summary>
    public async ValueTask<Portrait?> Find(AddressHash hash, CancellationToken cancellationToken = default) =>
        await store.Resolve(hash, cancellationToken) is { } identity ? await Find(identity, cancellationToken) : null;

    /// <summary>A picture some portrait refers to; null when none does any more.</summary>
    public ValueTask<Picture?> Read(PictureId id, CancellationToken cancellationToken = default) => _cache.Read(id, cancellationToken);

    /// <summary>Some of those whose portrait has this picture, in-band or as master; whoever may not be seen is among them.</summary>
    public ValueTask<IReadOnlyList<Identity>> ShownBy(PictureId id, CancellationToken cancellationToken = default) => store.ShownBy(id, cancellationToken);

    /// <summary>The visibility in force, the domain's default included.</summary>
    public Visibility VisibilityOf(Portrait portrait) =>
        (Visibility)Math.Max((int)portrait.VisibilityOr(Defaults.Of(portrait.Identity)), (int)Defaults.Widest(portrait.Identity));

    /// <summary>From now on the listener is told of every change. Its surface must be ready to be called.</summary>
    public void Subscribe(IPortraitListener listener) => ImmutableInterlocked.Update(ref _listeners, static (all, one) => all.Add(one), listener);

    /// <summary>
    /// Gives the person this picture. The same picture again writes nothing and raises nothing. Throws
    /// <see cref="PortraitLockedException"/> and <see cref="PictureBlockedException"/>, as every change does that they stand against.
    /// </summary>
    public async ValueTask<Portrait> Set(Identity identity, NewPortrait set, Cause cause, CancellationToken cancellationToken = default)
    {
        var guarded = guard?.Version;
        await RefuseBlocked(set.Pictures, set.Uploaded, cancellationToken);
        var address = set.Address is { } shown && addresses is not null ? await addresses.Claim(identity, shown, cancellationToken) : null;
        var access = await Defaults.ForPictureOf(identity, cancellationToken);
        var change = new Change(cause, before => set.ApplyTo(before, access))
        {
            Pictures = set.Pictures,
            Original = set.Original,
            Alongside = [.. set.Alongside, .. address is null ? [] : (StoreWrite[])[address]],
        };
        var portrait = await Make(identity, change, cancellationToken);
        if (address is not null)
        {
            addresses!.Forget(identity, address.Hashes);
        }

        // Blocked meanwhile: whoever blocked it may have looked for those who show it before this was stored.
        if (guard?.Version != guarded && await guard!.Find(set.Pictures, set.Uploaded, cancellationToken) is { } block)
        {
            await TakeAway(identity, block.Picture, set.Pictures, new Cause(Origin.Command), cancellationToken);
            throw new PictureBlockedException(block);
        }

        return portrait;
    }

    /// <summary>Takes the picture away from every view at once.</summary>
    public ValueTask<Portrait> Clear(Identity identity, Cause cause, Clearing? with = null, CancellationToken cancellationToken = default)
    {
        with ??= new Clearing();
        return Make(identity, new Change(cause, with.ApplyTo) { Alongside = with.Alongside }, cancellationToken);
    }

    /// <summary>Takes everything away, a locked picture too: the account goes.</summary>
    public ValueTask<Portrait> Remove(Identity identity, CancellationToken cancellationToken = default) =>
        Make(identity, new Change(new Cause(Origin.Unknown), portrait => portrait.Cleared with { Lock = null }), cancellationToken);

    /// <summary>From now on nobody but the operator changes the picture; null ends that.</summary>
    /// <param name="clear">Takes the picture away as well.</param>
    public ValueTask<Portrait> SetLock(Identity identity, PortraitLock? held, Cause cause, bool clear = false, CancellationToken cancellationToken = default) =>
        Make(identity, new Change(cause, portrait => (clear ? portrait.Cleared : portrait) with { Lock = held }), cancellationToken);

    /// <summary>Takes this picture away from the person, if it is what the person shows in chats or on the web or was made from such a file; false: it is not.</summary>
    public ValueTask<bool> TakeAway(Identity identity, PictureId picture, Cause cause, CancellationToken cancellationToken = default) =>
        TakeAway(identity, picture, [], cause, cancellationToken);

    /// <summary>Sets both nodes.</summary>
    /// <param name="condition">As <see cref="NewPortrait.Condition"/>.</param>
    public ValueTask<Portrait> SetVisibility(
        Identity identity,
        Visibility visibility,
        Cause cause,
        Action<Portrait>? condition = null,
        CancellationToken cancellationToken = default) =>
        Make(
            identity,
            new Change(cause, portrait =>
            {
                condition?.Invoke(portrait);
                return portrait with { DataAccess = visibility.ToAccessModel(), MetadataAccess = visibility.ToAccessModel() };
            }),
            cancellationToken);

    /// <summary>Somebody is here from now on: where the default became wider since others came, it counts for who is new.</summary>
    public async ValueTask Welcome(Identity identity)
    {
        if (Defaults.IsWiderForNewcomers(identity))
        {
            var access = Defaults.OfNewcomer(identity).ToAccessModel();
            await Make(identity, new Change(new Cause(Origin.Unknown), portrait => portrait.Version > 0 ? portrait : portrait with { DataAccess = access, MetadataAccess = access }), CancellationToken.None);
        }
    }

    /// <summary>Creates or configures one of the avatar nodes.</summary>
    /// <param name="keep">A node that is there already stays as it is.</param>
    public ValueTask<Portrait> SetAccess(
        Identity identity,
        AvatarNode node,
        AccessModel access,
        Cause cause,
        bool keep = false,
        CancellationToken cancellationToken = default) =>
        Make(identity, new Change(cause, portrait => portrait.With(node, (keep ? portrait.AccessOf(node) : null) ?? access)), cancellationToken);

    /// <summary>Metadata whose picture is still to come: the picture there is stays until then.</summary>
    /// <param name="access">Access model of the metadata node when this creates it.</param>
    public ValueTask<Portrait> Announce(Identity identity, PublishedMetadata published, AccessModel access, Cause cause, CancellationToken cancellationToken = default) =>
        Make(
            identity,
            new Change(cause, portrait => portrait with { Published = published, MetadataAccess = portrait.MetadataAccess ?? access }),
            cancellationToken);

    /// <summary>Keeps a picture that is not the portrait (yet) readable for its owner's node until <paramref name="expires"/>.</summary>
    public async ValueTask SaveDraft(Identity identity, Picture picture, DateTimeOffset expires, CancellationToken cancellationToken = default)
    {
        if ((await Find(identity, cancellationToken)).Lock is { } held)
        {
            throw new PortraitLockedException(held);
        }

        await RefuseBlocked([picture], null, cancellationToken);
        await store.SaveDraft(identity, picture, expires, cancellationToken);
    }

    /// <summary>A picture that is readable by its id without being the portrait; null when there is none or it is blocked.</summary>
    public async ValueTask<Picture?> FindDraft(Identity identity, PictureId id, CancellationToken cancellationToken = default) =>
        guard?.Find(id) is null ? await store.FindDraft(identity, id, time.GetUtcNow(), cancellationToken) : null;

    /// <summary>Forgets what is cached of a person whose account was removed.</summary>
    public void Forget(Identity identity) => _cache.Forget(identity);

    /// <summary>Somebody else on the same database changed the portrait: it is read again, and listeners hear of it.</summary>
    public async ValueTask Refresh(Identity identity, CancellationToken cancellationToken = default)
    {
        var stripe = StripeOf(identity);
        Task told;
        await stripe.Gate.WaitAsync(cancellationToken);
        try
        {
            var before = _cache.Find(identity) ?? new Portrait { Identity = identity };
            _cache.Forget(identity);
            told = stripe.Events.Add(await Changed(before, await LoadLocked(identity, cancellationToken), Cause.Elsewhere, cancellationToken));
        }
        finally
        {
            stripe.Gate.Release();
        }

        stripe.Events.Run();
        await told;
    }

    /// <summary>Nobody can say what changed: nothing that is cached counts any more.</summary>
    public void ForgetAll() => _cache.Clear();

    /// <summary>Finds out what became of writes that may have been stored although they failed.</summary>
    public async ValueTask Settle(CancellationToken cancellationToken = default)
    {
        foreach (var identity in _cache.Doubtful)
        {
            await Find(identity, cancellationToken);
        }
    }

    /// <summary>Throws <see cref="PictureBlockedException"/> when one of the pictures, or what they were made of, is blocked.</summary>
    public async ValueTask RefuseBlocked(IReadOnlyList<Picture> pictures, PictureId? uploaded, CancellationToken cancellationToken = default)
    {
        if (guard is not null && await guard.Find(pictures, uploaded, cancellationToken) is { } block)
        {
            throw new PictureBlockedException(block);
        }
    }

    private async ValueTask<bool> TakeAway(Identity identity, PictureId picture, IReadOnlyList<Picture> pictures, Cause cause, CancellationToken cancellationToken)
    {
        PictureId?[] unwanted = [picture, .. pictures.Select(shown => (PictureId?)shown.Id)];
        var shows = false;
        await Make(
            identity,
            new Change(cause, portrait =>
            {
                shows = unwanted.Intersect([portrait.Picture?.Id, portrait.Master?.Id, portrait.Uploaded]).Any();
                return shows ? portrait.Cleared : portrait;
            }),
            cancellationToken);
        return shows;
    }

    private async ValueTask<Portrait> Make(Identity identity, Change change, CancellationToken cancellationToken)
    {
        var stripe = StripeOf(identity);
        (Portrait After, Task Told) made;
        await stripe.Gate.WaitAsync(cancellationToken);
        try
        {
            made = await MakeLocked(stripe, identity, change, cancellationToken);
        }
        finally
        {
            stripe.Gate.Release();
        }

        stripe.Events.Run();
        await made.Told;
        return made.After;
    }

    private async ValueTask<(Portrait After, Task Told)> MakeLocked(Stripe stripe, Identity identity, Change change, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var before = await LoadLocked(identity, cancellationToken);
            var after = Defaults.Bound(change.Apply(before));
            if (after.ShowsTheSameAs(before) && after.Lock == before.Lock && after.Alt == before.Alt)
            {
                if (change.Alongside.Count > 0)
                {
                    await store.Save(change.Alongside, cancellationToken);
                }

                return (before, Task.CompletedTask);
            }

            RefuseLocked(before, after, change.Cause.Origin);
            try
            {
                after = await Store(before, after, change, cancellationToken);
                var shown = change.Pictures.FirstOrDefault(picture => picture.Id == after.Picture?.Id);
                return (after, stripe.Events.Add(new PortraitChanged(before, after, change.Cause, shown)));
            }
            catch (StaleWriteException) when (attempt < MaxAttempts)
            {
                // Another process was first: the change is made again from what that left.
                _cache.Forget(identity);
            }
            catch (Exception unknown) when (unknown is not StoreConflictException)
            {
                _cache.Doubt(before, change.Cause);
                throw;
            }
        }
    }

    private async ValueTask<Portrait> Store(Portrait before, Portrait after, Change change, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var cause = change.Cause;
        after = after.ShowsTheSameAs(before) ? after : after with { Origin = cause.Origin, Changed = now };
        var isOperator = cause.Origin == Origin.Command;
        var write = new PortraitWrite(after)
        {
            Pictures = change.Pictures,
            Original = change.Original,
            ForgetsReplaced = after.Source is null && !IsTheOwners(cause.Origin),
            Alongside = cause.Audit is { } words ? [.. change.Alongside, words.Entry(now, cause, before, after)] : change.Alongside,
            KeepReplacedUntil = KeepsReplaced(before) ? now + ReplacedLifetime : null,
            EndDrafts = after.Picture is null && (before.Picture is not null || (isOperator && after.Source is null)),
            ByAccount = cause.Origin is Origin.Pep or Origin.VCard or Origin.Web,
        };
        after = after with { Version = await store.Save(write, cancellationToken) };
        _cache.Replace(before, after, change.Pictures);
        return after;
    }

    private async ValueTask<PortraitChanged> Changed(Portrait before, Portrait after, Cause cause, CancellationToken cancellationToken)
    {
        _cache.ForgetPictures(before, after);
        var isNew = after.Picture is not null && after.Picture.Id != before.Picture?.Id;
        return new PortraitChanged(before, after, cause, isNew ? await Read(after.Picture!.Id, cancellationToken) : null);
    }

    private static void RefuseLocked(Portrait before, Portrait after, Origin origin)
    {
        if (before.Lock is { } held && after.Lock is not null && origin != Origin.Command && !after.HasThePictureOf(before))
        {
            throw new PortraitLockedException(held);
        }
    }

    // What others take away the person does not find again.
    private static bool IsTheOwners(Origin origin) => origin is Origin.Pep or Origin.VCard or Origin.Web or Origin.Beside;

    private bool KeepsReplaced(Portrait before) => before.Picture is { } picture && guard?.Find(picture.Id) is null;

    private async ValueTask<Portrait> Load(Identity identity, CancellationToken cancellationToken)
    {
        var stripe = StripeOf(identity);
        await stripe.Gate.WaitAsync(cancellationToken);
        try
        {
            return await LoadLocked(identity, cancellationToken);
        }
        finally
        {
            stripe.Gate.Release();
            stripe.Events.Run();
        }
    }

    private async ValueTask<Portrait> LoadLocked(Identity identity, CancellationToken cancellationToken)
    {
        if (_cache.Find(identity) is { } known)
        {
            return known;
        }

        var (portrait, doubt) = await _cache.Load(identity, cancellationToken);
        if (doubt is not null)
        {
            _ = StripeOf(identity).Events.Add(await Changed(doubt.Before, portrait, doubt.Cause, cancellationToken));
        }

        return portrait;
    }

    private Stripe StripeOf(Identity identity)
    {
        ref var stripe = ref _stripes[(uint)identity.GetHashCode() % Stripes];
        if (stripe is null)
        {
            Interlocked.CompareExchange(ref stripe, new Stripe(new SemaphoreSlim(1), new OrderedQueue<PortraitChanged>(Tell)), null);
        }

        return stripe;
    }

    private void Tell(PortraitChanged change)
    {
        foreach (var listener in _listeners)
        {
            try
            {
                listener.OnPortraitChanged(change);
            }
#pragma warning disable CA1031 // A surface that fails must stop no other (design: one door, isolated listeners).
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Log.ListenerFailed(log, listener.GetType().Name, change.Identity.Value, exception);
            }
        }
    }

    /// <summary>Those of a stripe are written one after another, and listeners hear of them in that order, outside the gate.</summary>
    private sealed record Stripe(SemaphoreSlim Gate, OrderedQueue<PortraitChanged> Events);

    /// <summary>One change on its way; <paramref name="Apply"/> may run again on a newer portrait.</summary>
    private sealed record Change(Cause Cause, Func<Portrait, Portrait> Apply)
    {
        public IReadOnlyList<Picture> Pictures { get; init; } = [];

        public Picture? Original { get; init; }

        public IReadOnlyList<StoreWrite> Alongside { get; init; } = [];
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "{Listener} failed to show the new portrait of {Identity}")]
        public static partial void ListenerFailed(ILogger logger, string listener, string identity, Exception exception);
    }
}
