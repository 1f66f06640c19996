using System.Text.Json.Serialization;

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

    /// <summary>A picture, for a get.</summary>
    public byte[]? Picture { get; init; }

    /// <summary>Media type of <see cref="Picture"/>.</summary>
    public string? MediaType { get; init; }

    /// <summary>Why the operation was refused; null when it was done.</summary>
    public string? Refusal { get; init; }
}

/// <summary>An operation that cannot be done; the message is one sentence for the operator.</summary>
public sealed class OperationRefusedException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The JSON form of operations and answers.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Operation))]
[JsonSerializable(typeof(Answer))]
public sealed partial class OperationJson : JsonSerializerContext;
