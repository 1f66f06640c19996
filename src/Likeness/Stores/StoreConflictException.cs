namespace Likeness.Stores;

/// <summary>What was to be stored stands against something stored: an existing account, an address of somebody else.</summary>
public sealed class StoreConflictException(string message) : Exception(message);
