using System.Text.Json.Serialization;
using Likeness.Server.Administration.Bulk;
using Likeness.Stores;

namespace Likeness.Server.Administration;

/// <summary>What an operation says when it is done.</summary>
public sealed record Answer
{
    /// <summary>One line for a person.</summary>
    public string Text { get; init; } = "";

    /// <summary>Accounts, for a list.</summary>
    public IReadOnlyList<string>? Accounts { get; init; }

    /// <summary>One line per entry, for other lists.</summary>
    public IReadOnlyList<string>? Lines { get; init; }

    /// <summary>The same lists for programs: names and values of each entry.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>>? Rows { get; init; }

    /// <summary>A picture, for a get.</summary>
    public byte[]? Picture { get; init; }

    /// <summary>Media type of <see cref="Picture"/>.</summary>
    public string? MediaType { get; init; }

    /// <summary>What is to be done with each file of an import, in the order asked.</summary>
    public IReadOnlyList<ImportDecision>? Decisions { get; init; }

    /// <summary>Entries of the audit log, newest first.</summary>
    public IReadOnlyList<AuditEntry>? Log { get; init; }

    /// <summary>Where to go on, for what is done page by page; null when everything is done.</summary>
    public string? Next { get; init; }

    /// <summary>How many are to be looked at, or were, or were changed: what the operation counts.</summary>
    public long Count { get; init; }

    /// <summary>What the audit log keeps.</summary>
    [JsonIgnore]
    public IReadOnlyList<AuditNote> Notes { get; init; } = [];

    /// <summary>Why the operation was refused; null when it was done.</summary>
    public string? Refusal { get; init; }
}

/// <summary>What an operation did, as the audit log keeps it (<see cref="AuditEntry"/>).</summary>
public sealed record AuditNote(string Action, string? About, string? Reason = null, string? Detail = null);


/// <summary>The JSON form of operations and answers.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Operation))]
[JsonSerializable(typeof(Answer))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
public sealed partial class OperationJson : JsonSerializerContext;
