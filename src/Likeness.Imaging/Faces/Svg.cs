namespace Likeness.Imaging.Faces;

/// <summary>The frame of every drawing.</summary>
internal static class Svg
{
    /// <summary>The shapes on a plain ground.</summary>
    public static string OnGround(string ground, params ReadOnlySpan<string> shapes) =>
        $"""
        <svg xmlns="http://www.w3.org/2000/svg" width="512" height="512" viewBox="0 0 512 512">
        <rect width="512" height="512" fill="{ground}"/>
        {string.Join('\n', shapes!)}
        </svg>
        """;

    /// <summary>The left half and its mirror image.</summary>
    public static string Mirrored(string half) =>
        half.Length == 0 ? "" : $"""{half}<g transform="matrix(-1 0 0 1 512 0)">{half}</g>""";
}
