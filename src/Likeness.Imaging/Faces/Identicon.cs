using System.Security.Cryptography;
using System.Text;

namespace Likeness.Imaging.Faces;

/// <summary><c>identicon</c>: a mirrored mosaic of tiles, discs and leaves. Seeded by the MD5 of the hash text; drawn with whole numbers only, so that every machine writes the same text.</summary>
internal sealed class Identicon : IFace
{
    internal const int Rows = 5;
    internal const int DrawnColumns = 2;
    private const int Tile = 80;

    /// <summary>Half a tile, so that twelve of the picture's parts are tiles' halves: at 24, 48 and 96 pixels every edge is on the pixel grid.</summary>
    private const int Margin = 40;

    private const int Side = (2 * Margin) + (Rows * Tile);

    internal static readonly (string Ground, string Main, string Accent)[] Palettes =
    [
        ("#fdf1e7", "#e4572e", "#29335c"),
        ("#eef4fb", "#2d6cdf", "#f2a541"),
        ("#eef8f1", "#1f9d63", "#2b4162"),
        ("#f6effa", "#8e44ad", "#f39c6b"),
        ("#fff4f5", "#d7263d", "#1b998b"),
        ("#f0f8f8", "#147d8c", "#e8871e"),
        ("#fbf6e9", "#b7791f", "#44633f"),
        ("#f2f1fb", "#5146c2", "#ef6f91"),
        ("#f3f7ec", "#5a8f29", "#c0392b"),
        ("#fbeff4", "#c2316f", "#3d5a80"),
        ("#eef6fc", "#17668f", "#e76f51"),
        ("#f5f2ee", "#6b4f3a", "#2a9d8f"),
    ];

    public string Name => "identicon";

    public string Description => "a mirrored mosaic";

    public string Draw(FaceSubject subject)
    {
        var seed = MD5.HashData(Encoding.UTF8.GetBytes(subject.Hash.ToLowerInvariant()));
        var (ground, main, accent) = Palettes[seed[15] % Palettes.Length];
        var half = new StringBuilder();
        var middle = new StringBuilder();
        for (var row = 0; row < Rows; row++)
        {
            for (var column = 0; column < DrawnColumns; column++)
            {
                half.Append(Shape(seed[(row * DrawnColumns) + column], column, row, main, accent));
            }

            middle.Append(OnTheAxis(seed[(Rows * DrawnColumns) + row], row, main, accent));
        }

        return Svg.OnGround(
            ground,
            $"""
            <svg viewBox="0 0 {Side} {Side}">
            <g>{half}</g>
            <g transform="matrix(-1 0 0 1 {Side} 0)">{half}</g>
            <g>{middle}</g>
            </svg>
            """);
    }

    internal static string Shape(byte seed, int column, int row, string main, string accent)
    {
        var (x, y) = (Margin + (column * Tile), Margin + (row * Tile));
        var fill = (seed & 0x70) == 0 ? accent : main;
        return (seed & 7) switch
        {
            0 or 1 => $"""<rect x="{x}" y="{y}" width="{Tile}" height="{Tile}" rx="12" fill="{fill}"/>""",
            2 => Disc(x, y, fill),
            3 => $"""<path d="M{x} {y} h40 a40 40 0 0 1 40 40 v40 h-40 a40 40 0 0 1 -40 -40 Z" fill="{fill}"/>""",
            4 => $"""<path d="M{x + Tile} {y} h-40 a40 40 0 0 0 -40 40 v40 h40 a40 40 0 0 0 40 -40 Z" fill="{fill}"/>""",
            5 => $"""<path d="M{x} {y + Tile} a80 80 0 0 1 80 -80 v80 Z" fill="{fill}"/>""",
            _ => "",
        };
    }

    internal static string OnTheAxis(byte seed, int row, string main, string accent)
    {
        var (x, y) = (Margin + (DrawnColumns * Tile), Margin + (row * Tile));
        var fill = (seed & 0x30) == 0 ? accent : main;
        return (seed & 3) switch
        {
            0 => $"""<rect x="{x}" y="{y}" width="{Tile}" height="{Tile}" rx="12" fill="{fill}"/>""",
            1 => Disc(x, y, fill),
            2 => $"""<path d="M{x + 40} {y} l40 40 l-40 40 l-40 -40 Z" fill="{fill}"/>""",
            _ => "",
        };
    }

    private static string Disc(int x, int y, string fill) =>
        $"""<circle cx="{x + 40}" cy="{y + 40}" r="40" fill="{fill}"/>""";
}
