namespace Likeness.Stores;

/// <summary>What is known of people on chat servers that this one stands beside.</summary>
public interface IBesideStore
{
    /// <summary>Null: never heard of.</summary>
    ValueTask<BesideAccount?> Find(Identity account, CancellationToken cancellationToken = default);

    /// <summary>Adds or replaces; with a change of the portrait by <see cref="StoreWrite.Beside"/>, in its transaction.</summary>
    ValueTask Save(BesideAccount account, CancellationToken cancellationToken = default);

    ValueTask Remove(Identity account, CancellationToken cancellationToken = default);

    /// <summary>Adds those that are not known yet; returns how many.</summary>
    ValueTask<int> Learn(string server, IReadOnlyList<Identity> accounts, CancellationToken cancellationToken = default);

    /// <summary>Who was looked at last before <paramref name="before"/>, the longest ago first; whoever is gone is not among them.</summary>
    ValueTask<IReadOnlyList<Identity>> Due(string server, DateTimeOffset before, int most, CancellationToken cancellationToken = default);

    /// <summary>The next accounts behind <paramref name="after"/>, by name.</summary>
    ValueTask<IReadOnlyList<BesideAccount>> Page(string server, Identity? after, int most, CancellationToken cancellationToken = default);

    /// <summary>
    /// Among the next portraits behind <paramref name="after"/>, in the order of their names, those that were changed elsewhere
    /// than in chats since both sides were the same. The portrait's own version is what waits: nothing else is stored for it.
    /// </summary>
    ValueTask<UntoldPage> Unwritten(Identity? after, CancellationToken cancellationToken = default);

    /// <summary>How many accounts are in each state, and how many of them were looked at since <paramref name="since"/>.</summary>
    ValueTask<IReadOnlyList<BesideCount>> Count(string server, DateTimeOffset since, CancellationToken cancellationToken = default);
}

/// <summary>How an account stands.</summary>
public enum BesideState
{
    /// <summary>Never looked at.</summary>
    New,

    /// <summary>Has an avatar, which is here too.</summary>
    Shown,

    /// <summary>Has no avatar.</summary>
    Empty,

    /// <summary>The server does not let us see whether there is one.</summary>
    Unknown,

    /// <summary>Has a picture that is not taken here.</summary>
    Refused,

    /// <summary>Was written too often, and is left alone until somebody changes the portrait here.</summary>
    Parked,

    /// <summary>Is not on its server any more.</summary>
    Gone,
}

/// <summary>An account of a server that stays as it is.</summary>
public sealed record BesideAccount(Identity Account, string Server)
{
    public BesideState State { get; init; }

    /// <summary>The id of the avatar there when it was looked at last; empty: there was none; null: nobody knows.</summary>
    public string? Seen { get; init; }

    /// <summary>It was seen as the photo of the vCard, not in PEP.</summary>
    public bool FromVCard { get; init; }

    /// <summary>The id that was written there last; empty: the avatar was taken away; null: nothing was written.</summary>
    public string? Written { get; init; }

    public DateTimeOffset? WrittenAt { get; init; }

    /// <summary>What the server made of <see cref="Written"/>.</summary>
    public string? Alias { get; init; }

    /// <summary>The id of a picture that is not taken here; it is not fetched again.</summary>
    public string? Refused { get; init; }

    /// <summary>The access models of the two nodes as they were read, metadata first; null: they could not be.</summary>
    public string? Access { get; init; }

    /// <summary>Who sees the portrait, as the chat server says.</summary>
    public Visibility? Visibility { get; init; }

    /// <summary>The server tells of changes at the metadata node.</summary>
    public bool IsSubscribed { get; init; }

    /// <summary>Up to which version of the portrait both sides are the same.</summary>
    public long LocalVersion { get; init; }

    /// <summary>When it was looked at last; the default for never.</summary>
    public DateTimeOffset Checked { get; init; }

    /// <summary>Lists of all accounts, one after another, that did not have it.</summary>
    public int Missed { get; init; }

    /// <summary>Since when it is gone.</summary>
    public DateTimeOffset? Gone { get; init; }

    /// <summary>This id says nothing new.</summary>
    /// <param name="id">SHA-1 in hex; empty: no avatar.</param>
    public bool Knows(string id) => id == Seen || (id == Alias && Seen == Written);
}

/// <summary>How many accounts are in a state.</summary>
/// <param name="Looked">Those of them that were looked at in the time asked for.</param>
public sealed record BesideCount(BesideState State, int Accounts, int Looked);
