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
    IPictureGuard? guard = null)
{
    private const int Stripes = 256;

    // X84-52: who read the old metadata a moment ago can still fetch its picture. A removed picture is gone at once.
    private static readonly TimeSpan ReplacedLifetime = TimeSpan.FromMinutes(10);
    private readonly Stripe[] _stripes = new Stripe[Stripes];
    private ImmutableArray<IPortraitListener> _listeners = [];
    private readonly GenerationCache<Identity, Portrait> _portraits = new(200_000, _ => 1);
    private readonly GenerationCache<PictureId, Picture> _pictures = new(64 * 1024 * 1024, picture => picture.Bytes.Length + 256);

    /// <summary>The portrait of a person; an empty one for somebody never heard of.</summary>
    public ValueTask<Portrait> Find(Identity identity, CancellationToken cancellationToken = default) =>
        _portraits.TryGet(identity, out var portrait) ? new(portrait) : Load(identity, cancellationToken);

    /// <summary>The portrait an address hash stands for; null when no confirmed address has it.</summary>
    public async ValueTask<Portrait?> Find(AddressHash hash, CancellationToken cancellationToken = default) =>
        await store.Resolve(hash, cancellationToken) is { } identity ? await Find(identity, cancellationToken) : null;

    /// <summary>A picture some portrait refers to; null when none does any more.</summary>
    public async ValueTask<Picture?> Read(PictureId id, CancellationToken cancellationToken = default)
    {
        if (_pictures.TryGet(id, out var picture))
        {
            return picture;
        }

        picture = await store.FindPicture(id, cancellationToken);
        if (picture is not null)
        {
            _pictures.Set(id, picture);
        }

        return picture;
    }

    /// <summary>Some of those whose portrait has this picture, in-band or as master; whoever may not be seen is among them.</summary>
    public ValueTask<IReadOnlyList<Identity>> ShownBy(PictureId id, CancellationToken cancellationToken = default) => store.ShownBy(id, cancellationToken);

    /// <summary>The visibility in force, the domain's default included.</summary>
    public Visibility VisibilityOf(Portrait portrait) =>
        portrait.VisibilityOr(policies.For(portrait.Identity.Domain).DefaultVisibility);

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
        var change = new Change(cause, before => set.ApplyTo(before, DefaultAccess(identity))) { Pictures = set.Pictures, Alongside = set.Alongside };
        var portrait = await Make(identity, change, cancellationToken);

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

    /// <summary>Sets both nodes (X84-52).</summary>
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

    /// <summary>Keeps a picture that is not the portrait (yet) readable for its owner's node until <paramref name="expires"/> (X84-52).</summary>
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
    public void Forget(Identity identity) => _portraits.Remove(identity);

    private async ValueTask RefuseBlocked(IReadOnlyList<Picture> pictures, PictureId? uploaded, CancellationToken cancellationToken)
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

    private AccessModel DefaultAccess(Identity identity) =>
        policies.For(identity.Domain).DefaultVisibility.ToAccessModel();

    private async ValueTask<Portrait> Make(Identity identity, Change change, CancellationToken cancellationToken)
    {
        var stripe = StripeOf(identity);
        Portrait after;
        Task told;
        await stripe.Gate.WaitAsync(cancellationToken);
        try
        {
            var before = await LoadLocked(identity, cancellationToken);
            after = change.Apply(before);
            if (after.ShowsTheSameAs(before) && after.Lock == before.Lock)
            {
                if (change.Alongside is not null)
                {
                    await store.Save(before, [], change.Alongside, cancellationToken: cancellationToken);
                }

                return before;
            }

            RefuseLocked(before, after, change.Cause.Origin);
            after = await Store(before, after, change, cancellationToken);
            var shown = change.Pictures.FirstOrDefault(picture => picture.Id == after.Picture?.Id);
            told = stripe.Events.Add(new PortraitChanged(before, after, change.Cause, shown));
        }
        finally
        {
            stripe.Gate.Release();
        }

        stripe.Events.Run();
        await told;
        return after;
    }

    private async ValueTask<Portrait> Store(Portrait before, Portrait after, Change change, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        after = after.ShowsTheSameAs(before)
            ? after with { Version = before.Version + 1 }
            : after with { Version = before.Version + 1, Origin = change.Cause.Origin, Changed = now };
        await store.Save(after, change.Pictures, change.Alongside, KeepsReplaced(before) ? now + ReplacedLifetime : null, cancellationToken);
        ForgetPictures(before, after);
        foreach (var picture in change.Pictures)
        {
            _pictures.Set(picture.Id, picture);
        }

        _portraits.Set(after.Identity, after);
        return after;
    }

    private static void RefuseLocked(Portrait before, Portrait after, Origin origin)
    {
        if (before.Lock is { } held && after.Lock is not null && origin != Origin.Command && !after.HasThePictureOf(before))
        {
            throw new PortraitLockedException(held);
        }
    }

    private bool KeepsReplaced(Portrait before) => before.Picture is { } picture && guard?.Find(picture.Id) is null;

    // Somebody else may show the same bytes; then they are read again.
    private void ForgetPictures(Portrait before, Portrait after)
    {
        foreach (var gone in new[] { before.Picture?.Id, before.Master?.Id }.Except([after.Picture?.Id, after.Master?.Id]).OfType<PictureId>())
        {
            _pictures.Remove(gone);
        }
    }

    private async ValueTask<Portrait> Load(Identity identity, CancellationToken cancellationToken)
    {
        var gate = StripeOf(identity).Gate;
        await gate.WaitAsync(cancellationToken);
        try
        {
            return await LoadLocked(identity, cancellationToken);
        }
        finally
        {
            gate.Release();
        }
    }

    private async ValueTask<Portrait> LoadLocked(Identity identity, CancellationToken cancellationToken)
    {
        if (_portraits.TryGet(identity, out var portrait))
        {
            return portrait;
        }

        portrait = await store.Find(identity, cancellationToken) ?? new Portrait { Identity = identity };
        _portraits.Set(identity, portrait);
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

        public AccountDocument? Alongside { get; init; }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "{Listener} failed to show the new portrait of {Identity}")]
        public static partial void ListenerFailed(ILogger logger, string listener, string identity, Exception exception);
    }
}
