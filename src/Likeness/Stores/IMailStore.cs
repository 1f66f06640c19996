namespace Likeness.Stores;

/// <summary>
/// Mails that wait to go out and the links in those that went. A mail is kept as what it is to say; what opens something is made when it goes
/// out, and here are only hashes of it: the database alone opens nothing.
/// </summary>
public interface IMailStore
{
    /// <summary>Keeps all of them or none; durable before it returns.</summary>
    ValueTask<MailRefusal?> Add(IReadOnlyList<Mail> mails, MailBounds bounds, CancellationToken cancellationToken = default);

    /// <summary>Of those whose time has come the first ones. Nobody else takes them until then, and when nobody says what became of them their time comes again.</summary>
    ValueTask<IReadOnlyList<Mail>> Take(DateTimeOffset now, DateTimeOffset until, int most, CancellationToken cancellationToken = default);

    /// <summary>The mail goes out now, saying this.</summary>
    /// <param name="hash">Of the link's text.</param>
    /// <param name="code">Hash of the code; null: there is none.</param>
    ValueTask Going(string id, byte[] hash, byte[]? code, CancellationToken cancellationToken = default);

    ValueTask Sent(string id, CancellationToken cancellationToken = default);

    /// <summary>It could not go out, and is tried again then.</summary>
    ValueTask PutOff(string id, DateTimeOffset due, string error, CancellationToken cancellationToken = default);

    /// <summary>It will never go out.</summary>
    /// <param name="isRefused">The mail server of the recipient said so.</param>
    ValueTask GiveUp(string id, DateTimeOffset now, string error, bool isRefused, CancellationToken cancellationToken = default);

    ValueTask<Mail?> Find(string id, CancellationToken cancellationToken = default);

    /// <summary>The link is used up. False: it was already, or is too old.</summary>
    ValueTask<bool> Use(string id, DateTimeOffset now, CancellationToken cancellationToken = default);

    /// <summary>Somebody typed a wrong code. How many were typed.</summary>
    ValueTask<int> Guessed(string id, CancellationToken cancellationToken = default);

    /// <summary>The mails of this kind about the person whose links were not used, the oldest first.</summary>
    ValueTask<IReadOnlyList<Mail>> Of(Identity account, MailKind kind, CancellationToken cancellationToken = default);

    /// <summary>Their links are good no more. How many there were.</summary>
    ValueTask<int> Drop(Identity account, MailKind kind, string address, CancellationToken cancellationToken = default);

    /// <summary>No mail goes to the address until then, and none that waits.</summary>
    ValueTask Stop(string address, DateTimeOffset until, CancellationToken cancellationToken = default);

    /// <summary>What waits and what did not go out, the latest first.</summary>
    ValueTask<IReadOnlyList<Mail>> Troubled(int most, CancellationToken cancellationToken = default);

    /// <summary>Forgets links that are too old; of mails that were refused this is remembered for <see cref="RefusalKept"/>.</summary>
    ValueTask Prune(DateTimeOffset now, CancellationToken cancellationToken = default);

    public static readonly TimeSpan RefusalKept = TimeSpan.FromDays(30);
}

/// <summary>What a mail is for.</summary>
public enum MailKind
{
    /// <summary>An address is to be the account's.</summary>
    Address,

    /// <summary>Somebody wants to sign in without the password.</summary>
    SignIn,

    /// <summary>Somebody has forgotten the password.</summary>
    Reset,

    /// <summary>Somebody wants an account.</summary>
    SignUp,

    /// <summary>Somebody wants an account and has one.</summary>
    Known,

    /// <summary>Somebody wants to sign in and has no account.</summary>
    Unknown,

    /// <summary>Something happened in the account.</summary>
    Notice,

    /// <summary>An administrator wants to see whether mail arrives.</summary>
    Test,

    /// <summary>No mail at all: kept where there is nobody to write to, so that this takes as long.</summary>
    None,
}

/// <summary>Why a mail is not kept.</summary>
public enum MailRefusal
{
    /// <summary>Too many went to the address within the hour.</summary>
    TooMany,

    /// <summary>Whoever reads the address wants none.</summary>
    Stopped,

    /// <summary>Too many mails are kept.</summary>
    Full,
}

/// <param name="PerHour">Mails to one address within an hour; notices are counted by themselves.</param>
/// <param name="Kept">Mails and links in all.</param>
public sealed record MailBounds(int PerHour, int Kept);

/// <summary>A mail, and the link in it.</summary>
/// <param name="Account">Whom it is about; null: nobody who has an account.</param>
/// <param name="Content">What it says beside that, as whoever writes it understands it.</param>
/// <param name="Network">Where it was asked for from, in words that name no single client.</param>
/// <param name="Expires">Until then the link is good.</param>
public sealed record Mail(string Id, MailKind Kind, Identity? Account, string Address, string Content, string Network, DateTimeOffset Made, DateTimeOffset Expires)
{
    /// <summary>Hash of what the browser shows in which it was asked for; null: in none.</summary>
    public byte[]? Browser { get; init; }

    /// <summary>When it is to go out; null: it went, or never will.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>That failed.</summary>
    public int Tries { get; init; }

    /// <summary>Why the last one did; null: it did not.</summary>
    public string? Error { get; init; }

    /// <summary>When the recipient's mail server refused it for good; null: it did not.</summary>
    public DateTimeOffset? Refused { get; init; }

    /// <summary>Null: it never went out.</summary>
    public byte[]? Hash { get; init; }

    public byte[]? Code { get; init; }

    /// <summary>Wrong codes that were typed.</summary>
    public int Guesses { get; init; }

    public DateTimeOffset? Used { get; init; }
}
