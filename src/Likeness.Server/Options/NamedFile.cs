namespace Likeness.Server.Options;

/// <summary>A file that an operator named.</summary>
public static class NamedFile
{
    /// <summary>Why this cannot be read as a file; null: it can.</summary>
    public static string? Problem(string path) =>
        File.Exists(path) ? null
        : Directory.Exists(path) ? $"'{path}' is a folder; a file is wanted"
        : path.Contains("://", StringComparison.Ordinal) ? $"'{path}' is a URL; a file on this machine is wanted"
        : $"there is no file '{path}'";

    /// <summary>Its bytes. Throws <see cref="OperationRefusedException"/>.</summary>
    public static async Task<byte[]> Read(string path, CancellationToken cancellationToken) =>
        Problem(path) is { } problem
            ? throw new OperationRefusedException($"{char.ToUpperInvariant(problem[0])}{problem[1..]}.")
            : await File.ReadAllBytesAsync(path, cancellationToken);
}
