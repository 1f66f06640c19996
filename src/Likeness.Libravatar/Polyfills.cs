#if !NET9_0_OR_GREATER
namespace Likeness.Libravatar;

/// <summary>What .NET 9 brought and .NET 8 does without.</summary>
internal static class Polyfills
{
    extension(Convert)
    {
#pragma warning disable CA1308 // Hashes of Libravatar are lower-case.
        public static string ToHexStringLower(ReadOnlySpan<byte> bytes) => Convert.ToHexString(bytes).ToLowerInvariant();
#pragma warning restore CA1308
    }
}
#endif
