namespace Likeness.Http;

/// <summary>Whether the client has the answer already (RFC 9110 §13.2.2, L-52).</summary>
internal static class Preconditions
{
    /// <param name="ifNoneMatch">The header's value; it decides alone when <paramref name="hasIfNoneMatch"/>.</param>
    /// <param name="ifModifiedSince">
    /// Compared exactly: a person who goes back to an older picture, or to none, has an older date, and "not later" would
    /// keep the removed picture on screen.
    /// </param>
    public static bool NotModified(AvatarAnswer answer, bool hasIfNoneMatch, ReadOnlySpan<byte> ifNoneMatch, ReadOnlySpan<byte> ifModifiedSince)
    {
        if (answer.EntityTag.Length == 0)
        {
            return false;
        }

        return hasIfNoneMatch
            ? Names(ifNoneMatch, answer.EntityTag)
            : ifModifiedSince.SequenceEqual(answer.LastModified);
    }

    /// <summary>Weak comparison over the list (RFC 9110 §13.1.2).</summary>
    private static bool Names(ReadOnlySpan<byte> list, ReadOnlySpan<byte> tag)
    {
        list = list.Trim(" \t"u8);
        if (list.SequenceEqual(tag) || list.SequenceEqual("*"u8))
        {
            return true;
        }

        while (!list.IsEmpty)
        {
            list = list.TrimStart(" \t,"u8);
            if (list.StartsWith("W/"u8))
            {
                list = list[2..];
            }

            var end = list.Length > 1 && list[0] == '"' ? list[1..].IndexOf((byte)'"') : -1;
            if (end < 0)
            {
                return false;
            }

            if (list[..(end + 2)].SequenceEqual(tag))
            {
                return true;
            }

            list = list[(end + 2)..];
        }

        return false;
    }
}
