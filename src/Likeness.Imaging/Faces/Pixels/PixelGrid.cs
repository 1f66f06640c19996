using System.Globalization;
using System.Text;

namespace Likeness.Imaging.Faces.Pixels;

/// <summary>A picture of 16 × 16 square cells that parts are stamped on, one above the other.</summary>
internal sealed class PixelGrid
{
    public const int Side = 16;
    public const char Empty = '.';

    private readonly char[,] _cells = new char[Side, Side];

    public PixelGrid()
    {
        for (var place = 0; place < Side * Side; place++)
        {
            _cells[place % Side, place / Side] = Empty;
        }
    }

    public PixelGrid Stamp(Sprite sprite)
    {
        foreach (var (x, y, color) in sprite.Cells)
        {
            _cells[x, y] = color;
        }

        return this;
    }

    /// <summary>Cells of a colour with nothing beneath them take another: the shadow at the foot of things.</summary>
    public PixelGrid Shade(char color, char shadow)
    {
        foreach (var (x, y) in Places().Where(place => this[place] == color && this[(place.X, place.Y + 1)] == Empty).ToList())
        {
            _cells[x, y] = shadow;
        }

        return this;
    }

    /// <summary>A line around everything.</summary>
    public PixelGrid Outline(char color)
    {
        foreach (var (x, y) in Places().Where(place => this[place] == Empty && Neighbours(place).Any(beside => this[beside] != Empty)).ToList())
        {
            _cells[x, y] = color;
        }

        return this;
    }

    /// <summary>One path for each colour. A colour reaches beneath the later ones beside it, so that no ground shines through between cells at sizes that are no multiple of 16.</summary>
    public string Paths(params ReadOnlySpan<(char Key, string Color)> colors)
    {
        var paths = new StringBuilder("""<g transform="scale(32)">""");
        for (var i = 0; i < colors.Length; i++)
        {
            var key = colors[i].Key;
            var later = string.Concat(colors[(i + 1)..].ToArray().Select(color => color.Key));
            var data = Runs(place => this[place] == key || (later.Contains(this[place]) && Neighbours(place).Any(beside => this[beside] == key)));
            if (data.Length > 0)
            {
                paths.Append(CultureInfo.InvariantCulture, $"""<path fill="{colors[i].Color}" d="{data}"/>""");
            }
        }

        return paths.Append("</g>").ToString();
    }

    private char this[(int X, int Y) place] =>
        place is { X: >= 0 and < Side, Y: >= 0 and < Side } ? _cells[place.X, place.Y] : Empty;

    private static string Runs(Func<(int X, int Y), bool> has)
    {
        var data = new StringBuilder();
        for (var y = 0; y < Side; y++)
        {
            for (var x = 0; x < Side; x++)
            {
                var start = x;
                while (x < Side && has((x, y)))
                {
                    x++;
                }

                if (x > start)
                {
                    data.Append(CultureInfo.InvariantCulture, $"M{start} {y}h{x - start}v1H{start}z");
                }
            }
        }

        return data.ToString();
    }

    private static IEnumerable<(int X, int Y)> Places() =>
        from y in Enumerable.Range(0, Side) from x in Enumerable.Range(0, Side) select (x, y);

    private static (int X, int Y)[] Neighbours((int X, int Y) place) =>
        [(place.X - 1, place.Y), (place.X + 1, place.Y), (place.X, place.Y - 1), (place.X, place.Y + 1)];
}
