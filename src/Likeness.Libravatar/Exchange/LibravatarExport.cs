using System.Collections.Immutable;

namespace Likeness.Libravatar.Exchange;

/// <summary>What Libravatar servers hand out to a person who leaves and take from one who comes: addresses, photos, and which photo an address shows.</summary>
public sealed record LibravatarExport
{
    /// <summary>The account's name at the server it comes from.</summary>
    public string Username { get; init; } = "";

    /// <summary>URL of the server it comes from; null when the file does not say.</summary>
    public string? Site { get; init; }

    public ImmutableArray<ExportedAddress> Emails { get; init; } = [];

    public ImmutableArray<ExportedAddress> OpenIds { get; init; } = [];

    public ImmutableArray<ExportedPhoto> Photos { get; init; } = [];

    /// <summary>What was left out while reading, a sentence each.</summary>
    public ImmutableArray<string> Problems { get; init; } = [];
}

/// <summary>An address as written in the file.</summary>
/// <param name="PhotoId">The photo it shows; null: none.</param>
public sealed record ExportedAddress(string Text, string? PhotoId);

/// <summary>A photo.</summary>
/// <param name="Id">Named by the addresses that show it; null in files of servers that have no assignments.</param>
/// <param name="Format"><c>jpg</c>, <c>png</c> or <c>gif</c>; what else a file says is kept as it is.</param>
public sealed record ExportedPhoto(string? Id, string Format, ReadOnlyMemory<byte> Bytes);

/// <summary>How much of a file is read.</summary>
public sealed record ExportLimits
{
    /// <summary>Bytes of the file.</summary>
    public long Compressed { get; init; } = 64 * 1024 * 1024;

    /// <summary>Bytes it unfolds to.</summary>
    public long Expanded { get; init; } = 256 * 1024 * 1024;

    /// <summary>E-mail addresses and OpenIDs together.</summary>
    public int Addresses { get; init; } = 1000;

    public int Photos { get; init; } = 1000;

    /// <summary>Characters of one photo in base64.</summary>
    public int PhotoCharacters { get; init; } = 28 * 1024 * 1024;
}

/// <summary>The file is no export, or over a limit; the message is a sentence for whoever brought it.</summary>
public sealed class ExportRefusedException(string message, Exception? inner = null) : Exception(message, inner);
