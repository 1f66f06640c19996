using System.Text;

namespace Likeness.Http.Tests.Answering;

public sealed class PreparedAnswersTests
{
    private static readonly HttpClock Clock = new(TimeProvider.System);
    private static readonly PortraitVersions Versions = new(new DomainPolicies([new DomainPolicy { Domain = "example.org" }]));
    private static readonly byte[] Hot = "hot?s=80"u8.ToArray();

    [Fact]
    public void A_target_is_taken_in_when_it_is_seen_again()
    {
        var table = Table();
        var answer = Answer(100);

        table.Offer(Hot, answer);
        table.TryRecall(Hot, out _).ShouldBeFalse();

        table.Offer(Hot, answer);
        table.TryRecall(Hot, out var found).ShouldBeTrue();
        found.ShouldBeSameAs(answer);
    }

    [Fact]
    public void Targets_that_come_once_take_no_room()
    {
        var table = Table();
        Take(table, Hot);
        for (var number = 0; number < 10_000; number++)
        {
            table.Offer(Encoding.ASCII.GetBytes($"cold?{number}"), Answer(1000));
        }

        table.TryRecall(Hot, out _).ShouldBeTrue();
    }

    [Fact]
    public void What_is_in_use_outlives_a_flood_of_repeated_targets()
    {
        var table = Table();
        Take(table, Hot);
        for (var number = 0; number < 1000; number++)
        {
            Take(table, Encoding.ASCII.GetBytes($"warm?{number}"));
            table.TryRecall(Hot, out _).ShouldBeTrue($"{number}");
        }
    }

    [Fact]
    public void Memory_is_bounded_by_bytes()
    {
        var table = Table();
        for (var number = 0; number < 1000; number++)
        {
            Take(table, Encoding.ASCII.GetBytes($"warm?{number}"));
        }

        var held = Enumerable.Range(0, 1000).Count(number => table.TryRecall(Encoding.ASCII.GetBytes($"warm?{number}"), out _));
        (held * 1000).ShouldBeInRange(1000, 100_000);
    }

    private static void Take(PreparedAnswers table, byte[] target)
    {
        var answer = Answer(1000);
        table.Offer(target, answer);
        table.Offer(target, answer);
    }

    private static AvatarAnswer Answer(int bytes) => new(200, "image/png", new byte[bytes], "no-store", []) { Memo = Versions.Begin(long.MaxValue, null) };

    private static PreparedAnswers Table() => new(new AvatarOptions { AnswerMemory = 100_000 }, Versions, Clock);
}
