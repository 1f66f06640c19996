using System.Globalization;

namespace Likeness.AspNetCore.Links;

/// <summary>The pictures of an <c>img</c> for screens of different density.</summary>
internal static class SourceSet
{
    /// <summary>No server need give more.</summary>
    private const int Largest = 512;

    private static readonly int[] Densities = [1, 2, 3];

    /// <summary>One picture for each density, smallest first; where the largest size cuts in, the descriptor says what it really is.</summary>
    public static IReadOnlyList<Candidate> Of(int size) =>
        [.. Densities.Select(density => (int)Math.Min((long)size * density, Largest)).Distinct().Select(pixels => new Candidate(pixels, Math.Round((double)pixels / size, 2)))];

    /// <param name="Density">Pixels of the picture to one of CSS.</param>
    internal sealed record Candidate(int Pixels, double Density)
    {
        public string Descriptor => Density.ToString(CultureInfo.InvariantCulture) + "x";
    }
}
