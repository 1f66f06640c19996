namespace Likeness.Cli.Importing;

/// <summary>One address that is to be imported, with or without a picture.</summary>
/// <param name="Source">Where it comes from, for messages and the log.</param>
/// <param name="Owner">An address of the person it belongs to; null: a person of its own.</param>
/// <param name="Hash">SHA-256 of the picture in hex.</param>
/// <param name="Read">Reads the picture; null: the address alone.</param>
/// <param name="Problem">Why it cannot be imported; null when it may be.</param>
internal sealed record ImportItem(string Source, string Address, string? Owner, string? Hash, Func<CancellationToken, Task<byte[]>>? Read, string? Problem = null)
{
    public static ImportItem Unusable(string source, string problem) => new(source, "", null, null, null, problem);
}
