namespace Likeness.Server.Files;

/// <summary>A picture file of the operator's and what its content is for.</summary>
/// <param name="Key">The setting that names it.</param>
/// <param name="Path">Absolute path.</param>
/// <param name="Show">Takes the content up; the time is when the file was written. Throws when it is no usable picture.</param>
/// <param name="Hide">There is no usable file any more.</param>
internal sealed record WatchedFile(
    string Key,
    string Path,
    Func<ReadOnlyMemory<byte>, DateTimeOffset, CancellationToken, Task> Show,
    Func<CancellationToken, Task> Hide);
