using System.Text;
using Likeness.Imaging.Tests.Hostile.Corpus;

namespace Likeness.Imaging.Tests.Hostile;

/// <summary>What is served is what was encoded here: of a file that is a picture and a script only the picture comes out.</summary>
public sealed class PolyglotTests
{
    private static readonly string[] Traces = ["<script", "alert", "picture at all", "PK\u0003\u0004", "%PDF"];

    public static TheoryData<string> Names { get; } = new(Polyglots.Pictures.Select(file => file.Name));

    [Theory, MemberData(nameof(Names)), Trait("Requirement", "L-105")]
    public async Task Nothing_of_the_script_comes_out_in_any_format_or_size(string name)
    {
        var polyglot = HostileCorpus.All[name].Make();
        await using var renderer = new InProcessRenderer();

        foreach (var request in Ways(polyglot))
        {
            var rendered = await renderer.Render(request, TestContext.Current.CancellationToken);

            var text = Encoding.Latin1.GetString(rendered.Bytes.Span);
            foreach (var trace in Traces)
            {
                text.ShouldNotContain(trace, Case.Insensitive, $"{request.Job} {request.Size} {request.Format}");
            }
        }
    }

    [Fact]
    public void Every_polyglot_carries_its_script_where_it_can_be_read()
    {
        foreach (var polyglot in Polyglots.Pictures)
        {
            Encoding.Latin1.GetString(polyglot.Make()).ShouldContain(Polyglots.Payload, Case.Sensitive, polyglot.Name);
        }
    }

    /// <summary>The size it has already, where least is changed, and others.</summary>
    private static IEnumerable<RenderRequest> Ways(byte[] polyglot)
    {
        ImageFormat?[] formats = [null, .. Enum.GetValues<ImageFormat>()];
        ImageGate.TryIdentify(polyglot, out var header).ShouldBeTrue();
        int[] sizes = [Math.Min(header!.Width, header.Height), 8, 80];
        return formats.SelectMany(format => sizes.Select(size => RenderRequest.Photo(polyglot, size, format)))
            .Append(RenderRequest.Master(polyglot))
            .Append(RenderRequest.InBand(polyglot));
    }
}
