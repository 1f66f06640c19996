using System.Text;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Tests.Xml;

/// <summary>Our reader and System.Xml must agree on what is refused and on the tree of what is not.</summary>
[Trait("Requirement", "C-2D")]
public sealed class DifferentialTests
{
    [Fact]
    public void Twenty_thousand_documents_are_read_as_System_Xml_reads_them() => Compare(from: 0, count: 20_000);

    [Fact]
    [Trait("Category", "Long")]
    public void A_million_documents_are_read_as_System_Xml_reads_them() => Compare(from: 1_000_000, count: 1_000_000);

    [Fact]
    public void Generated_documents_inside_a_stream_read_the_same_in_pieces_of_any_size()
    {
        var accepted = 0;
        for (var seed = 0; seed < 3000; seed++)
        {
            var fuzz = new XmlFuzz(seed);
            var xml = fuzz.Document();
            var bytes = Encoding.UTF8.GetBytes(StreamFeeding.Header + xml[(xml.IndexOf("?>", StringComparison.Ordinal) + 1)..].TrimStart('>'));
            var whole = Outcome(bytes, int.MaxValue);
            Outcome(bytes, 1 + fuzz.Next(9)).ShouldBe(whole, $"seed {seed}: {xml}");
            accepted += whole.Contains("Element", StringComparison.Ordinal) ? 1 : 0;
        }

        accepted.ShouldBeGreaterThan(1000);
    }

    private static void Compare(int from, int count)
    {
        var accepted = 0;
        for (var seed = from; seed < from + count; seed++)
        {
            var fuzz = new XmlFuzz(seed);
            var bytes = fuzz.Spoil(fuzz.Document());
            var expected = SystemXml.Parse(bytes);
            var actual = Parse(bytes);
            if (expected is null != actual is null || (expected is not null && !Same(expected, actual!)))
            {
                Assert.Fail($"seed {seed}: {Encoding.UTF8.GetString(bytes)}\nSystem.Xml: {Show(expected)}\nours: {Show(actual)}");
            }

            accepted += actual is null ? 0 : 1;
        }

        accepted.ShouldBeInRange(count / 10, count * 9 / 10);
    }

    private static Element? Parse(byte[] bytes)
    {
        try
        {
            return XmlStreamReader.ParseElement(bytes);
        }
        catch (StreamErrorException)
        {
            return null;
        }
    }

    private static string Outcome(byte[] bytes, int piece)
    {
        try
        {
            var events = StreamFeeding.Events(StreamFeeding.Reader(), bytes, piece);
            return string.Join('\n', events.Select(one => $"{one.Kind} {(one.Element is null ? "" : ElementWriter.ToText(one.Element))}"));
        }
        catch (StreamErrorException error)
        {
            return error.Condition;
        }
    }

    private static string Show(Element? element) => element is null ? "refused" : ElementWriter.ToText(element);

    private static bool Same(Element one, Element other) =>
        one.Name == other.Name && one.Namespace == other.Namespace && one.Attributes.SequenceEqual(other.Attributes) && Children(one).SequenceEqual(Children(other), new Deep());

    // Neighbouring texts are one text: where a parser cuts them is its own affair.
    private static List<object> Children(Element element)
    {
        var children = new List<object>();
        foreach (var node in element.Nodes)
        {
            if (node is string text && children.Count > 0 && children[^1] is string before)
            {
                children[^1] = before + text;
            }
            else
            {
                children.Add(node);
            }
        }

        return children;
    }

    private sealed class Deep : IEqualityComparer<object>
    {
        public new bool Equals(object? x, object? y) => (x, y) switch
        {
            (Element one, Element other) => Same(one, other),
            _ => object.Equals(x, y),
        };

        public int GetHashCode(object obj) => 0;
    }
}
