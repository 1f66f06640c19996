using Likeness.Stores;

namespace Likeness.Beside;

/// <summary>How it stands beside one server.</summary>
public sealed record BesideStatus(BesideOptions Options)
{
    /// <summary>Null: there is no connection.</summary>
    public DateTimeOffset? ConnectedSince { get; init; }

    /// <summary>Why there is none.</summary>
    public string? Problem { get; init; }

    /// <summary>By domain, what the server allows.</summary>
    public required IReadOnlyDictionary<string, string> Grants { get; init; }

    /// <summary>By domain, how changes are noticed and written.</summary>
    public required IReadOnlyDictionary<string, string> Ways { get; init; }

    public required IReadOnlyList<BesideCount> Accounts { get; init; }

    /// <summary>Accounts that may be looked at in a second at this moment.</summary>
    public double Rate { get; init; }

    /// <summary>Accounts something was heard of that nobody has looked at yet.</summary>
    public int Waiting { get; init; }

    /// <summary>Portraits that were changed here and are not in chats yet.</summary>
    public int Unwritten { get; init; }

    /// <summary>People in chats.</summary>
    public int Online { get; init; }

    /// <summary>Stanzas nobody had use for.</summary>
    public long Ignored { get; init; }

    /// <summary>What was done since the start.</summary>
    public required IReadOnlyDictionary<string, long> Counters { get; init; }

    public int Of(BesideState state) => Accounts.FirstOrDefault(count => count.State == state)?.Accounts ?? 0;

    public int All => Accounts.Where(count => count.State != BesideState.Gone).Sum(count => count.Accounts);

    /// <summary>Those that were looked at in this sweep.</summary>
    public int Looked => Accounts.Where(count => count.State != BesideState.Gone).Sum(count => count.Looked);

    /// <summary>Until everybody was looked at, at this rate.</summary>
    public TimeSpan Remaining => TimeSpan.FromSeconds(Math.Ceiling((All - Looked) / Rate));
}

/// <summary>What a list of accounts changed.</summary>
/// <param name="Missing">Known ones that it does not have.</param>
/// <param name="Gone">Those of them that were missing before.</param>
public sealed record AccountListResult(int Listed, int New, int Missing, int Gone);

/// <summary>The list cannot be the accounts of this server; the message says why.</summary>
public sealed class AccountListRefusedException(string message) : Exception(message);
