using Likeness.Imaging.Tests.Hostile.Corpus;

namespace Likeness.Imaging.Tests.Hostile;

/// <summary>Each file of the corpus ends as it must, in workers that stay within their limits.</summary>
[Trait("Category", "Slow")]
[Collection(nameof(Alone))]
public sealed class HostileCorpusTests(HostileCorpusTests.Stage stage) : IClassFixture<HostileCorpusTests.Stage>
{
    public static TheoryData<string> Names { get; } = new(HostileCorpus.All.Keys);

    [Theory, MemberData(nameof(Names)), Trait("Requirement", "L-105")]
    public async Task A_hostile_file_is_rendered_harmlessly_or_refused_with_a_reason(string name)
    {
        var file = HostileCorpus.All[name];

        await ShouldMeetItsFate(file, RenderRequest.Master(file.Make()));
    }

    [Theory, MemberData(nameof(Names)), Trait("Requirement", "L-105"), Trait("Category", "Long")]
    public async Task A_hostile_file_is_harmless_in_every_way_of_rendering(string name)
    {
        var file = HostileCorpus.All[name];
        var bytes = file.Make();
        for (var turn = 0; turn < Ordeal.Turns; turn++)
        {
            await stage.Ordeal.Meet(name, Ordeal.Request(bytes, turn));
        }
    }

    private async Task ShouldMeetItsFate(HostileFile file, RenderRequest request)
    {
        var end = await stage.Ordeal.Meet(file.Name, request);

        end.Fate.ShouldBe(file.Fate);
        if (end.Reason is { } reason)
        {
            file.Reasons.ShouldContain(reason);
        }
    }

    /// <summary>One pool for all files, so that each also meets a worker that has seen worse.</summary>
    public sealed class Stage : IAsyncLifetime
    {
        internal Ordeal Ordeal { get; } = new();

        public ValueTask InitializeAsync() => ValueTask.CompletedTask;

        public async ValueTask DisposeAsync() => await Ordeal.End();
    }
}
