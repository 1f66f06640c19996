namespace Likeness.Server.Administration.Bulk;

/// <summary>One address of an import.</summary>
/// <param name="Owner">Whose address it is to be, by an address of that person; null: whoever has it, or else a person of its own.</param>
/// <param name="Hash">SHA-256 of the file with the picture, in hex; null: only the address is imported.</param>
public sealed record PlannedImport(string Address, string? Owner, string? Hash);

/// <summary>What is to be done with one address, and why.</summary>
/// <param name="Reason">Why it is refused or left alone; null otherwise.</param>
public sealed record ImportDecision(string Address, ImportAction Action, string? Reason = null);

public enum ImportAction
{
    /// <summary>The picture is another one than last time, or the first.</summary>
    SetPicture,

    /// <summary>The address is new, the picture is not.</summary>
    AddAddress,

    /// <summary>Everything is as the file says, or was changed by the person since.</summary>
    Unchanged,

    /// <summary>Cannot be imported.</summary>
    Refused,
}
