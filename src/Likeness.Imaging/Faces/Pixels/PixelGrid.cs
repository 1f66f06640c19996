using System.Globalization;
using System.Text;

namespace Likeness.Imaging.Faces.Pixels;

/// <summary>A picture of 16 × 16 square cells that parts are stamped on, one above the other.</summary>
/// <param name="margin">Cells around them that stay free but for an outline.</param>
internal sealed class PixelGrid(int margin = 0)
{
    public const int Side = 16;
    public const char Empty = '.';

    private readonly Dictionary<(int X, int Y), char> _cells = [];

    public PixelGrid Stamp(Sprite sprite)
    {
        foreach (var (x, y, color) in sprite.Cells)
        {
            _cells[(x, y)] = color;
        }

        return this;
    }

    /// <summary>Cells of a colour with nothing beneath them take another: the shadow at the foot of things.</summary>
    public PixelGrid Shade(char color, char shadow)
    {
        foreach (var (x, y) in Places().Where(place => this[place] == color && this[(place.X, place.Y + 1)] == Empty).ToList())
        {
            _cells[(x, y)] = shadow;
        }

        return this;
    }

    /// <summary>A line around everything.</summary>
    public PixelGrid Outline(char color)
    {
        foreach (var (x, y) in Places().Where(place => this[place] == Empty && Neighbours(place).Any(beside => this[beside] != Empty)).ToList())
        {
            _cells[(x, y)] = color;
        }

        return this;
    }

    /// <summary>One path for each colour. A colour reaches beneath the later ones beside it, so that no ground shines through between cells at sizes that are no multiple of 16.</summary>
    public string Paths(params ReadOnlySpan<(char Key, string Color)> colors)
    {
        var side = Side + (2 * margin);
        var paths = new StringBuilder();
        paths.Append(CultureInfo.InvariantCulture, $"""<svg viewBox="{-margin} {-margin} {side} {side}">""");
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

        return paths.Append("</svg>").ToString();
    }

    private char this[(int X, int Y) place] => _cells.GetValueOrDefault(place, Empty);

    private string Runs(Func<(int X, int Y), bool> has)
    {
        var data = new StringBuilder();
        for (var y = -margin; y < Side + margin; y++)
        {
            for (var x = -margin; x < Side + margin; x++)
            {
                var start = x;
                while (x < Side + margin && has((x, y)))
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

    private IEnumerable<(int X, int Y)> Places() =>
        from y in Enumerable.Range(-margin, Side + (2 * margin)) from x in Enumerable.Range(-margin, Side + (2 * margin)) select (x, y);

    private static (int X, int Y)[] Neighbours((int X, int Y) place) =>
        [(place.X - 1, place.Y), (place.X + 1, place.Y), (place.X, place.Y - 1), (place.X, place.Y + 1)];
}
