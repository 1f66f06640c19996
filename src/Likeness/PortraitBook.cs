using Likeness.Libravatar;
using Likeness.Stores;
using Microsoft.Extensions.Logging;

namespace Likeness;

/// <summary>The one door to every portrait. All surfaces read here and write here; a write is durable before it returns, then every listener is told once.</summary>
public sealed partial class PortraitBook(
    IPortraitStore store,
    DomainPolicies policies,
    IEnumerable<IPortraitListener> listeners,
    TimeProvider time,
    ILogger<PortraitBook> log)
{
    private const int Stripes = 256;

    // X84-52: who read the old metadata a moment ago can still fetch its picture. A removed picture is gone at once.
    private static readonly TimeSpan ReplacedLifetime = TimeSpan.FromMinutes(10);
    private readonly IPortraitListener[] _listeners = [.. listeners];
    private readonly SemaphoreSlim[] _locks = [.. Enumerable.Range(0, Stripes).Select(_ => new SemaphoreSlim(1))];
    private readonly GenerationCache<Identity, Portrait> _portraits = new(200_000, _ => 1);
    private readonly GenerationCache<PictureId, Picture> _pictures = new(64 * 1024 * 1024, picture => picture.Bytes.Length + 256);

    /// <summary>The portrait of a person; an empty one for somebody never heard of.</summary>
    public ValueTask<Portrait> Find(Identity identity, CancellationToken cancellation = default) =>
        _portraits.TryGet(identity, out var portrait) ? new(portrait) : Load(identity, cancellation);

    /// <summary>The portrait an address hash stands for; null when no confirmed address has it.</summary>
    public async ValueTask<Portrait?> Find(AddressHash hash, CancellationToken cancellation = default) =>
        await store.Resolve(hash, cancellation) is { } identity ? await Find(identity, cancellation) : null;

    /// <summary>A picture some portrait refers to; null when none does any more.</summary>
    public async ValueTask<Picture?> Read(PictureId id, CancellationToken cancellation = default)
    {
        if (_pictures.TryGet(id, out var picture))
        {
            return picture;
        }

        picture = await store.FindPicture(id, cancellation);
        if (picture is not null)
        {
            _pictures.Set(id, picture);
        }

        return picture;
    }

    /// <summary>Some of those whose portrait has this picture, in-band or as master; whoever may not be seen is among them.</summary>
    public ValueTask<IReadOnlyList<Identity>> ShownBy(PictureId id, CancellationToken cancellation = default) => store.ShownBy(id, cancellation);

    /// <summary>The visibility in force, the domain's default included.</summary>
    public Visibility VisibilityOf(Portrait portrait) =>
        portrait.VisibilityOr(policies.For(portrait.Identity.Domain).DefaultVisibility);

    /// <summary>Gives the person this picture. The same picture again writes nothing and raises nothing.</summary>
    public ValueTask<Portrait> Set(Identity identity, NewPortrait set, CancellationToken cancellation = default) =>
        Change(identity, set.Origin, portrait => set.ApplyTo(portrait, DefaultAccess(identity)), set.Pictures, set.Alongside, cancellation);

    /// <summary>Takes the picture away from every view at once.</summary>
    /// <param name="published">The empty metadata item that did it, when it was one.</param>
    /// <param name="alongside">Stored in the same transaction.</param>
    public ValueTask<Portrait> Clear(
        Identity identity,
        Origin origin,
        PublishedMetadata? published = null,
        AccountDocument? alongside = null,
        CancellationToken cancellation = default) =>
        Change(
            identity,
            origin,
            portrait => portrait with { Picture = null, Master = null, Links = [], Published = published },
            [],
            alongside,
            cancellation);

    /// <summary>Sets both nodes (X84-52).</summary>
    public ValueTask<Portrait> SetVisibility(Identity identity, Visibility visibility, Origin origin, CancellationToken cancellation = default) =>
        Amend(
            identity,
            origin,
            portrait => portrait with { DataAccess = visibility.ToAccessModel(), MetadataAccess = visibility.ToAccessModel() },
            cancellation);

    /// <summary>Changes what surrounds the picture: access models, metadata whose picture is still to come. <paramref name="amend"/> may run on a newer portrait than the caller saw.</summary>
    public ValueTask<Portrait> Amend(Identity identity, Origin origin, Func<Portrait, Portrait> amend, CancellationToken cancellation = default) =>
        Change(identity, origin, amend, [], null, cancellation);

    /// <summary>Forgets what is cached of a person whose account was removed.</summary>
    public void Forget(Identity identity) => _portraits.Remove(identity);

    private AccessModel DefaultAccess(Identity identity) =>
        policies.For(identity.Domain).DefaultVisibility.ToAccessModel();

    private async ValueTask<Portrait> Change(
        Identity identity,
        Origin origin,
        Func<Portrait, Portrait> change,
        IReadOnlyList<Picture> pictures,
        AccountDocument? alongside,
        CancellationToken cancellation)
    {
        var gate = LockOf(identity);
        await gate.WaitAsync(cancellation);
        try
        {
            var before = await LoadLocked(identity, cancellation);
            var after = change(before);
            if (after.ShowsTheSameAs(before))
            {
                if (alongside is not null)
                {
                    await store.Save(before, [], alongside, cancellation: cancellation);
                }

                return before;
            }

            after = after with { Version = before.Version + 1, Origin = origin, Changed = time.GetUtcNow() };
            await store.Save(after, pictures, alongside, after.Changed + ReplacedLifetime, cancellation);
            ForgetPictures(before, after);
            foreach (var picture in pictures)
            {
                _pictures.Set(picture.Id, picture);
            }

            _portraits.Set(identity, after);
            Tell(new PortraitChanged(before, after));
            return after;
        }
        finally
        {
            gate.Release();
        }
    }

    // Somebody else may show the same bytes; then they are read again.
    private void ForgetPictures(Portrait before, Portrait after)
    {
        foreach (var gone in new[] { before.Picture?.Id, before.Master?.Id }.Except([after.Picture?.Id, after.Master?.Id]).OfType<PictureId>())
        {
            _pictures.Remove(gone);
        }
    }

    private async ValueTask<Portrait> Load(Identity identity, CancellationToken cancellation)
    {
        var gate = LockOf(identity);
        await gate.WaitAsync(cancellation);
        try
        {
            return await LoadLocked(identity, cancellation);
        }
        finally
        {
            gate.Release();
        }
    }

    private async ValueTask<Portrait> LoadLocked(Identity identity, CancellationToken cancellation)
    {
        if (_portraits.TryGet(identity, out var portrait))
        {
            return portrait;
        }

        portrait = await store.Find(identity, cancellation) ?? new Portrait { Identity = identity };
        _portraits.Set(identity, portrait);
        return portrait;
    }

    private SemaphoreSlim LockOf(Identity identity) =>
        _locks[(uint)identity.GetHashCode() % Stripes];

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

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "{Listener} failed to show the new portrait of {Identity}")]
        public static partial void ListenerFailed(ILogger logger, string listener, string identity, Exception exception);
    }
}
