namespace Likeness.Bench.Storage;

/// <summary>Paired measurements of the small and the large index.</summary>
internal sealed class Ratio
{
    private readonly List<double> _small = [];
    private readonly List<double> _large = [];

    public double Small => Median(_small);

    public double Large => Median(_large);

    public double OfMedians => Large / Small;

    public void Add(double small, double large)
    {
        _small.Add(small);
        _large.Add(large);
    }

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
