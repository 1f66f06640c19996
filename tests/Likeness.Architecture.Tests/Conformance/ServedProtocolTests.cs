namespace Likeness.Architecture.Tests.Conformance;

public sealed class ServedProtocolTests
{
    [Theory]
    [InlineData("docs/xmpp.md")]
    [InlineData("docs/likeness.doap")]
    public void What_is_served_is_written_down(string document) =>
        File.ReadAllText(Path.Combine(Repository.Root, document)).ShouldBe(ServedProtocols.Documents[document](), "Run scripts/conformance.");

    [Fact]
    public void Every_registered_feature_has_its_line()
    {
        var registered = ServedProtocols.Registered();
        registered.Count.ShouldBeGreaterThan(20);

        registered
            .Where(feature => feature.StartsWith("Xep", StringComparison.Ordinal))
            .Where(feature => !ServedProtocols.Served().Any(one => feature.StartsWith($"Xep{one.Number}", StringComparison.Ordinal)))
            .ShouldBeEmpty("A feature needs its line in Conformance/served.tsv.");
    }
}
