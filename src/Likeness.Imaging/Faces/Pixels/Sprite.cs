namespace Likeness.Imaging.Faces.Pixels;

/// <summary>A part drawn in characters; each stands for a colour, a dot for nothing. Rows of eight are the left half of something symmetrical.</summary>
/// <param name="top">Row of the grid the first one comes to.</param>
internal sealed class Sprite(int top, params string[] rows)
{
    public static Sprite None { get; } = new(0);

    public IEnumerable<(int X, int Y, char Color)> Cells =>
        from row in rows.Index()
        from cell in Whole(row.Item).Index()
        where cell.Item != PixelGrid.Empty
        select (cell.Index, top + row.Index, cell.Item);

    private static string Whole(string row) =>
        row.Length == PixelGrid.Side ? row : row + string.Concat(row.Reverse());
}
