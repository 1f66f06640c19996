namespace Likeness.Imaging.Faces;

/// <summary>A colour with its darker and its lighter tone.</summary>
internal sealed record Tone(string Main, string Shade, string Light);

/// <summary>Colours that go together: figures are saturated and of middle lightness, grounds are pale, so that the figure stands out for every eye.</summary>
internal static class Palette
{
    /// <summary>Pupils, mouths, outlines.</summary>
    public const string Ink = "#27233a";

    public static readonly IReadOnlyList<Tone> Figures =
    [
        new("#ef6351", "#c5402f", "#f9a497"),
        new("#f28c28", "#b25c08", "#fbc082"),
        new("#eeb02a", "#a8730a", "#fbdc8e"),
        new("#8fba33", "#5d7f15", "#cbe38d"),
        new("#46a868", "#2c8249", "#98d8ae"),
        new("#2ba8a0", "#157f79", "#86d6d0"),
        new("#3fa0dc", "#1f79b0", "#97d3f3"),
        new("#4a6fdc", "#304fb0", "#9db2f2"),
        new("#7d5bd6", "#5c3cb0", "#bba6ef"),
        new("#b45ac4", "#8c3b9c", "#dca6e6"),
        new("#ea5f97", "#c03c73", "#f7a8c8"),
        new("#c9785c", "#95503a", "#e8b6a3"),
        new("#64748b", "#475569", "#a9b4c4"),
        new("#b8354f", "#8c2038", "#e2899a"),
        new("#868b38", "#636722", "#c1c580"),
        new("#4d74ab", "#32517f", "#a3bcdd"),
    ];

    public static readonly IReadOnlyList<string> Grounds =
    [
        "#ffddd6", "#ffe6c7", "#fff1c2", "#e6f3c8", "#cdeed8", "#c8ece9",
        "#cfe8f9", "#d8e0fa", "#e3daf8", "#f3d8f5", "#fcd7e5", "#e9dfd5",
    ];
}
