namespace Likeness.Stores;

/// <summary>The hooks that are told of changes, and what each was told last.</summary>
public interface IWebhookStore
{
    /// <summary>Everything that is there now counts as told. Throws <see cref="StoreConflictException"/> when a hook has this name.</summary>
    ValueTask Add(Webhook hook, CancellationToken cancellationToken = default);

    /// <summary>All hooks, by name.</summary>
    ValueTask<IReadOnlyList<Webhook>> List(CancellationToken cancellationToken = default);

    /// <summary>False: no such hook.</summary>
    ValueTask<bool> Remove(string name, CancellationToken cancellationToken = default);

    /// <summary>
    /// Among the next people behind <paramref name="after"/>, in the order of their names, those whose portrait differs from what
    /// the hook was told, or whose record went while the hook knows a picture of them. A page is looked at in bounded time,
    /// whoever is found on it.
    /// </summary>
    ValueTask<UntoldPage> Untold(string hook, Identity? after, CancellationToken cancellationToken = default);

    /// <summary>What the hook was told last of this person; null: nothing.</summary>
    ValueTask<WebhookMark?> Told(string hook, Identity identity, CancellationToken cancellationToken = default);

    /// <summary>Replaces what the hook was told last. A hook that is gone meanwhile gets none.</summary>
    ValueTask Mark(string hook, Identity identity, WebhookMark mark, CancellationToken cancellationToken = default);
}

/// <summary>A page of people.</summary>
/// <param name="People">Who is still to be told of.</param>
/// <param name="Last">Where the next page begins; null: there is no other.</param>
public sealed record UntoldPage(IReadOnlyList<Identity> People, Identity? Last);

/// <summary>Where changes are announced.</summary>
/// <param name="Secret">Key of the signature.</param>
public sealed record Webhook(string Name, string Url, byte[] Secret, DateTimeOffset Created);

/// <summary>The state of a portrait as a hook knows it.</summary>
/// <param name="Version">0 for a person who is gone.</param>
public sealed record WebhookMark(long Version, DateTimeOffset Changed, PictureId? Picture);
