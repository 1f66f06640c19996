using Likeness.Libravatar.Discovery;
using Likeness.Libravatar.Resolving;

namespace Likeness.Libravatar.Tests.Discovery;

/// <summary>The lettered cases are those of the protocol's published vectors.</summary>
[Trait("Requirement", "L-82")]
public sealed class SrvSelectionTests
{
    [Theory]
    [Trait("Requirement", "L-81")]
    [InlineData(0)]
    [InlineData(100)]
    public void B_The_lowest_priority_number_comes_first(int chosen) =>
        Order(chosen, Record(20, 0, "b2"), Record(10, 0, "b1")).ShouldBe(["b1", "b2"]);

    [Theory]
    [Trait("Requirement", "L-81")]
    [InlineData(0, "c1")]
    [InlineData(60, "c1")]
    [InlineData(61, "c2")]
    [InlineData(100, "c2")]
    public void C_Weights_divide_one_priority(int chosen, string first)
    {
        var order = Order(chosen, Record(10, 60, "c1"), Record(10, 40, "c2"), Record(20, 100, "c3"));

        order[0].ShouldBe(first);
        order[2].ShouldBe("c3");
    }

    [Theory]
    [InlineData(0, "d0")]
    [InlineData(1, "d1")]
    [InlineData(5, "d1")]
    [InlineData(6, "d2")]
    [InlineData(10, "d2")]
    public void D_Weight_zero_goes_before_the_rest(int chosen, string first) =>
        Order(chosen, Record(0, 5, "d1"), Record(0, 0, "d0"), Record(0, 5, "d2"))[0].ShouldBe(first);

    [Fact]
    public void E_Of_two_weights_zero_each_is_first_at_times()
    {
        var random = new Random(1);
        ServiceRecord[] records = [Record(0, 0, "e0"), Record(0, 0, "e1")];

        Enumerable.Range(0, 200).Select(_ => SrvSelection.Order(records, most => random.Next(most + 1))[0].Target).Distinct().Count().ShouldBe(2);
    }

    [Theory]
    [InlineData(0, "f1")]
    [InlineData(10, "f1")]
    [InlineData(11, "f2")]
    [InlineData(20, "f2")]
    [InlineData(21, "f3")]
    [InlineData(100, "f3")]
    public void F_Running_sums_decide(int chosen, string first) =>
        Order(chosen, Record(1, 10, "f1"), Record(1, 10, "f2"), Record(1, 80, "f3"))[0].ShouldBe(first);

    [Fact]
    public void The_pick_is_repeated_until_none_is_left()
    {
        var choices = new Queue<int>([100, 11, 0]);

        var order = SrvSelection.Order([Record(1, 10, "f1"), Record(1, 10, "f2"), Record(1, 80, "f3")], _ => choices.Dequeue());

        order.Select(record => record.Target).ShouldBe(["f3", "f2", "f1"]);
    }

    [Fact]
    public void Shares_follow_the_weights()
    {
        var random = new Random(2);
        ServiceRecord[] records = [Record(1, 10, "f1"), Record(1, 10, "f2"), Record(1, 80, "f3")];

        var firsts = Enumerable.Range(0, 10_000).CountBy(_ => SrvSelection.Order(records, most => random.Next(most + 1))[0].Target).ToDictionary();

        firsts["f1"].ShouldBeInRange(900, 1_250);
        firsts["f2"].ShouldBeInRange(800, 1_150);
        firsts["f3"].ShouldBeInRange(7_700, 8_200);
    }

    [Fact]
    public void The_largest_weights_do_not_overflow() =>
        Order(0, [.. Enumerable.Range(0, 32).Select(number => Record(0, 65_535, "s" + number))]).Count.ShouldBe(32);

    private static List<string> Order(int chosen, params ServiceRecord[] records) =>
        [.. SrvSelection.Order(records, most => Math.Min(chosen, most)).Select(record => record.Target)];

    private static ServiceRecord Record(int priority, int weight, string target) => new("s", TimeSpan.Zero, priority, weight, 443, target);
}
