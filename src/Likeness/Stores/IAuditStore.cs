namespace Likeness.Stores;

/// <summary>What administrators did. Entries are kept for a year, and at most <see cref="MaxEntries"/> of them.</summary>
public interface IAuditStore
{
    const int MaxEntries = 200_000;

    /// <summary>How long an entry is kept.</summary>
    static readonly TimeSpan Kept = TimeSpan.FromDays(366);

    /// <summary>Durable when it completes; what is older than <see cref="Kept"/> is dropped in the same transaction.</summary>
    ValueTask Write(AuditEntry entry, CancellationToken cancellationToken = default);

    /// <summary>Newest first.</summary>
    /// <param name="about">Only entries about one of these; null: about anybody.</param>
    /// <param name="since">Only entries of this moment or later; null: all.</param>
    ValueTask<IReadOnlyList<AuditEntry>> Read(IReadOnlyList<string>? about, DateTimeOffset? since, int most, CancellationToken cancellationToken = default);

    /// <summary>What all of these conditions hold for, newest first.</summary>
    ValueTask<IReadOnlyList<AuditEntry>> Search(AuditSearch search, int most, CancellationToken cancellationToken = default);
}

/// <summary>What is looked for in the log; null: whatever it is.</summary>
public sealed record AuditSearch
{
    /// <summary>Part of who did it.</summary>
    public string? By { get; init; }

    /// <summary>How the action begins, such as <c>avatar</c>.</summary>
    public string? Action { get; init; }

    /// <summary>Part of whom or what it was done to.</summary>
    public string? About { get; init; }

    /// <summary>Done to people of these domains; what is about nobody is not.</summary>
    public IReadOnlyList<string>? Domains { get; init; }

    public DateTimeOffset? Since { get; init; }

    /// <summary>Before this moment.</summary>
    public DateTimeOffset? Until { get; init; }
}

/// <summary>One thing an administrator did. Holds no secrets.</summary>
/// <param name="By">The operating system's user of a command, or <c>token NAME</c> for a REST call.</param>
/// <param name="Action">The words of the command, such as <c>avatar lock</c>.</param>
/// <param name="About">Whom or what it was done to: an account, an address, a picture's hash; null when nobody in particular.</param>
/// <param name="Reason">Why, in the administrator's words.</param>
/// <param name="Detail">What else is worth knowing.</param>
public sealed record AuditEntry(DateTimeOffset Time, string By, string Action, string? About, string? Reason = null, string? Detail = null);
