namespace Likeness.Libravatar.Fetching;

/// <summary>Reads a body up to a limit; the length that a server announces only ever refuses, it reserves nothing.</summary>
internal static class BoundedBody
{
    private const int FirstBuffer = 16 * 1024;

    /// <summary>Null when there are more than <paramref name="limit"/> bytes.</summary>
    public static async Task<ReadOnlyMemory<byte>?> Read(HttpContent content, int limit, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > limit)
        {
            return null;
        }

        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[Math.Min(FirstBuffer, limit + 1)];
        var length = 0;
        while (await stream.ReadAsync(buffer.AsMemory(length), cancellationToken) is > 0 and var read)
        {
            length += read;
            if (length > limit)
            {
                return null;
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, (int)Math.Min(buffer.Length * 2L, limit + 1L));
            }
        }

        return buffer.AsMemory(0, length);
    }
}
