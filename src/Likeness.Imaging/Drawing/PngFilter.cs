namespace Likeness.Imaging.Drawing;

/// <summary>Undoes the prediction PNG makes from the pixels left and above (PNG §9.2).</summary>
internal static class PngFilter
{
    /// <param name="rows">Rows of one filter byte and <paramref name="stride"/> bytes each; changed in place.</param>
    /// <param name="distance">Bytes of one pixel.</param>
    public static void Undo(Span<byte> rows, int stride, int distance)
    {
        ReadOnlySpan<byte> above = new byte[stride];
        for (var start = 0; start < rows.Length; start += stride + 1)
        {
            var row = rows.Slice(start + 1, stride);
            for (var at = 0; at < stride; at++)
            {
                int left = at >= distance ? row[at - distance] : 0;
                int corner = at >= distance ? above[at - distance] : 0;
                row[at] += (byte)Prediction(rows[start], left, above[at], corner);
            }

            above = row;
        }
    }

    private static int Prediction(byte filter, int left, int up, int corner) => filter switch
    {
        0 => 0,
        1 => left,
        2 => up,
        3 => (left + up) / 2,
        4 => Paeth(left, up, corner),
        _ => throw new InvalidDataException("This is not a PNG."),
    };

    private static int Paeth(int left, int up, int corner)
    {
        var estimate = left + up - corner;
        var (toLeft, toUp, toCorner) = (Math.Abs(estimate - left), Math.Abs(estimate - up), Math.Abs(estimate - corner));
        return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
    }
}
