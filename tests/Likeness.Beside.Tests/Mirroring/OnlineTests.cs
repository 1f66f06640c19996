using System.Globalization;
using Likeness.Beside.Mirroring;
using Likeness.Beside.Tests.Support;
using Likeness.Libravatar.Tests.Support;

namespace Likeness.Beside.Tests.Mirroring;

public sealed class OnlineTests
{
    [Fact]
    [Trait("Requirement", "B-73")]
    public void Somebody_who_says_the_same_again_and_again_is_not_looked_at_each_time()
    {
        var online = new Online(TimeProvider.System);
        var juliet = BesideStage.Of("juliet");
        online.Came(juliet, "phone", "a").ShouldBeTrue();
        online.Came(juliet, "phone", "a").ShouldBeFalse();
        online.Came(juliet, "phone", null).ShouldBeFalse();
        online.Came(juliet, "phone", "b").ShouldBeTrue();
        online.Count.ShouldBe(1);
        online.Went(juliet, "phone");
        online.Count.ShouldBe(0);
    }

    [Fact]
    [Trait("Requirement", "B-33")]
    [Trait("Requirement", "B-70")]
    public void Somebody_of_whom_no_event_would_tell_is_glanced_at_in_turn()
    {
        var time = new ManualTime();
        var online = new Online(time);
        foreach (var name in (string[])["juliet", "romeo", "nurse"])
        {
            online.Came(BesideStage.Of(name), "phone", null);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        online.SetHeard(BesideStage.Of("romeo"), isHeard: true);
        online.Glances(10).ShouldBeEmpty();
        time.Advance(Online.GlanceInterval);
        online.Glances(1).ShouldBe([BesideStage.Of("juliet")]);
        online.Glances(10).ShouldBe([BesideStage.Of("nurse")]);
        online.Glances(10).ShouldBeEmpty();
        time.Advance(Online.Interval);
        online.Due(10).Count.ShouldBe(3);
        online.Due(10).ShouldBeEmpty();
    }

    [Fact]
    [Trait("Requirement", "B-73")]
    public void Somebody_in_chats_costs_less_than_100_bytes()
    {
        Identity[] people = [.. Enumerable.Range(0, 100_000).Select(number => BesideStage.Of($"somebody{number.ToString("D6", CultureInfo.InvariantCulture)}"))];
        var before = GC.GetAllocatedBytesForCurrentThread();
        var online = new Online(TimeProvider.System);
        foreach (var one in people)
        {
            online.Came(one, "phone", "0000000000000000000000000000000000000000");
            online.Came(one, "desk", null);
        }

        // What was thrown away while it grew is counted, too.
        ((GC.GetAllocatedBytesForCurrentThread() - before) / people.Length).ShouldBeLessThan(100);
        online.Count.ShouldBe(people.Length);
    }

    [Fact]
    public void Somebody_is_here_until_the_last_of_their_clients_leaves()
    {
        var online = new Online(TimeProvider.System);
        var juliet = BesideStage.Of("juliet");
        string[] clients = ["a", "b", "c", "d", "e"];
        Array.ForEach(clients, client => online.Came(juliet, client, null));
        online.Came(juliet, "d", null);
        online.Went(juliet, "unknown");
        foreach (var client in (string[])["b", "d", "a", "e"])
        {
            online.Went(juliet, client);
            online.Count.ShouldBe(1, client);
        }

        online.Went(juliet, "c");
        online.Count.ShouldBe(0);
        online.Came(juliet, "c", null);
        online.Count.ShouldBe(1);
        online.Clear();
        online.Count.ShouldBe(0);
        online.Came(juliet, "c", null).ShouldBeTrue();
    }

    [Fact]
    public void Every_name_has_one_number()
    {
        var table = new NameTable();
        string[] names = [.. Enumerable.Range(0, 5000).Select(number => $"{(char)(0x4e00 + (number % 900))}{number}@example.org"), "", new string('x', NameTable.MaxNameBytes)];
        table.Find("nobody").ShouldBe(-1);
        names.Select(table.Add).ShouldBe(Enumerable.Range(0, names.Length));
        names.Select(table.Add).ShouldBe(Enumerable.Range(0, names.Length));
        names.Select(table.Find).ShouldBe(Enumerable.Range(0, names.Length));
        Enumerable.Range(0, names.Length).Select(number => table[number]).ShouldBe(names);
        table.Find("nobody").ShouldBe(-1);
        table.Add(new string('x', NameTable.MaxNameBytes + 1)).ShouldBe(-1);
        table.Find(new string('x', NameTable.MaxNameBytes + 1)).ShouldBe(-1);
        table.Clear();
        table.Find(names[0]).ShouldBe(-1);
        table.Add(names[1]).ShouldBe(0);
    }
}
