using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace Likeness.Imaging.Tests.Support;

/// <summary>Every pair of formats.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CombinatorialFormatsAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker)
    {
        var formats = Enum.GetValues<ImageFormat>();
        return new([.. formats.SelectMany(from => formats, (from, to) => new TheoryDataRow<ImageFormat, ImageFormat>(from, to))]);
    }

    public override bool SupportsDiscoveryEnumeration() => true;
}
