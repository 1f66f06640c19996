using Likeness.Web.Language;

namespace Likeness.Web.Pages;

/// <summary>A picture as it will be seen: sizes, shapes and grounds.</summary>
/// <param name="Source">Where the picture of so many CSS pixels is.</param>
/// <param name="Alt">What it shows, said once.</param>
/// <param name="Still">Where its first frame is; null: it does not move.</param>
internal sealed record Previews(Words T, Func<int, string> Source, string Alt, Func<int, string>? Still = null)
{
    /// <summary>CSS pixels, and where pictures of this size are seen.</summary>
    public static IReadOnlyList<(int Size, string Place)> Sizes { get; } = [(16, "size.list"), (32, "size.forge"), (48, "size.chat"), (80, "size.room"), (128, "size.profile")];

    public static IReadOnlyList<string> Shapes { get; } = ["round", "rounded", "square"];

    public static IReadOnlyList<string> Grounds { get; } = ["light", "dark"];
}
