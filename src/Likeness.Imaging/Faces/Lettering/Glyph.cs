namespace Likeness.Imaging.Faces.Lettering;

/// <summary>A letter as strokes: the top of capitals is 0, the line they stand on 100.</summary>
/// <param name="Mark">Strokes above or beneath it; their x counts from the letter's middle.</param>
internal sealed record Glyph(int Width, string Strokes, string Mark = "");
