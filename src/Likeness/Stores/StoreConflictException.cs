namespace Likeness.Stores;

/// <summary>What was to be stored stands against something stored: an existing account, an address of somebody else.</summary>
public class StoreConflictException(string message) : Exception(message);

/// <summary>The change was made from a state that is the stored one no more: somebody else wrote in between.</summary>
public sealed class StaleWriteException(string message) : StoreConflictException(message);

/// <summary>The account that something was to be stored for was removed.</summary>
public sealed class AccountGoneException(Identity account) : StoreConflictException($"There is no account {account}.");

/// <summary>What is stored cannot be read or changed at this moment; the message says why in a sentence for the operator.</summary>
public class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The disk is full: no trying again helps.</summary>
    public bool IsFull { get; init; }
}

/// <summary>A link that was used before, or too old.</summary>
public sealed class LinkUsedException() : Exception("The link was used already, or is too old.");
