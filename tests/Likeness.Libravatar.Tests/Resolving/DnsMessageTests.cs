using System.Diagnostics;
using Likeness.Libravatar.Resolving;

namespace Likeness.Libravatar.Tests.Resolving;

[Trait("Requirement", "L-88")]
public sealed class DnsMessageTests
{
    private static readonly byte[] Question = DnsBytes.Question("_avatars._tcp.example.org", DnsType.Srv);

    [Fact]
    public void Every_record_type_that_is_needed_is_read()
    {
        var message = Read(
            DnsBytes.Srv(1, 2, 3, "a.example.org"),
            DnsBytes.Cname("b.example.org"),
            DnsBytes.Record(DnsBytes.SameName, DnsType.A, 60, [192, 0, 2, 1]),
            DnsBytes.Record(DnsBytes.SameName, DnsType.Aaaa, 60, [0x20, 1, 0xD, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
            DnsBytes.Record(DnsBytes.SameName, DnsType.Txt, 60, [1, (byte)'a', 2, (byte)'b', (byte)'c']),
            DnsBytes.Record(DnsBytes.SameName, (DnsType)99, 60, [1, 2, 3]),
            DnsBytes.Soa("example.org", 3600, 70_000))!;

        const string Owner = "_avatars._tcp.example.org";
        message.Question.ShouldBe(new DnsQuestion(Owner, DnsType.Srv));
        message.Answers.ShouldBe(
        [
            new ServiceRecord(Owner, TimeSpan.FromSeconds(300), 1, 2, 3, "a.example.org"),
            new AliasRecord(Owner, TimeSpan.FromSeconds(300), "b.example.org"),
            new AddressRecord(Owner, TimeSpan.FromSeconds(60), System.Net.IPAddress.Parse("192.0.2.1")),
            new AddressRecord(Owner, TimeSpan.FromSeconds(60), System.Net.IPAddress.Parse("2001:db8::1")),
            new TextRecord(Owner, TimeSpan.FromSeconds(60), "abc"),
            new AuthorityRecord("example.org", TimeSpan.FromHours(1), TimeSpan.FromSeconds(70_000)),
        ]);
    }

    [Fact]
    public void Names_may_be_compressed_in_several_steps()
    {
        byte[] first = [1, (byte)'x', 0xC0, 12 + 14];
        var message = Read(DnsBytes.Srv(0, 0, 1, "", owner: first)[..^1].Concat(new byte[] { 0xC0, 12 + 31 }).ToArray() is var record ? Lengthen(record) : [])!;

        message.Answers[0].ShouldBe(new ServiceRecord("x.example.org", TimeSpan.FromSeconds(300), 0, 0, 1, "x.example.org"));
    }

    [Theory]
    [InlineData(new byte[] { 0xC0, 12 + 31 }, "a pointer to itself")]
    [InlineData(new byte[] { 0xC0, 12 + 33 }, "a pointer forward")]
    [InlineData(new byte[] { 0xFF, 0xFF }, "a pointer beyond the end")]
    [InlineData(new byte[] { 1, (byte)'a', 0xC0, 12 + 31 }, "a pointer to its own label")]
    [InlineData(new byte[] { 0x40, 0 }, "an extended label")]
    [InlineData(new byte[] { 0x80, 0 }, "a reserved label")]
    [InlineData(new byte[] { 63, 1 }, "a label beyond the end")]
    public void A_name_that_cannot_end_is_no_message(byte[] owner, string kind) =>
        Read(DnsBytes.Record(owner, DnsType.A, 60, [192, 0, 2, 1])).ShouldBeNull(kind);

    [Fact]
    public void A_name_has_at_most_255_octets()
    {
        var label = new string('a', 63) + ".";

        Read(DnsBytes.Cname($"{label}{label}{label}{new string('a', 61)}")).ShouldNotBeNull();
        Read(DnsBytes.Cname($"{label}{label}{label}{new string('a', 62)}")).ShouldBeNull();
    }

    [Fact]
    [Trait("Requirement", "L-86")]
    public void A_dot_or_a_strange_octet_inside_a_label_cannot_pass_for_a_host()
    {
        byte[] target = [9, .. "good\0a.ex"u8, 0];
        var message = Read(DnsBytes.Record(DnsBytes.SameName, DnsType.Cname, 60, target))!;

        ((AliasRecord)message.Answers[0]).Target.ShouldBe("good\\000a\\.ex");
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public void A_record_is_exactly_as_long_as_it_says(int length) =>
        Read(DnsBytes.Record(DnsBytes.SameName, DnsType.A, 60, new byte[length])).ShouldBeNull();

    [Fact]
    public void A_time_to_live_of_more_than_31_bits_is_zero() =>
        Read(DnsBytes.Srv(0, 0, 1, "a.example", seconds: -1))!.Answers[0].TimeToLive.ShouldBe(TimeSpan.Zero);

    [Fact]
    public void Too_many_records_are_no_answer()
    {
        var record = DnsBytes.Record(DnsBytes.SameName, DnsType.A, 60, new byte[4]);

        Read([.. Enumerable.Repeat(record, 256)])!.Answers.Count.ShouldBe(256);
        Read([.. Enumerable.Repeat(record, 257)]).ShouldBeNull();
    }

    [Theory]
    [InlineData(0x0180, "a question")]
    [InlineData(0x8980, "another operation")]
    public void What_is_no_answer_to_a_question_is_no_message(int flags, string kind) =>
        DnsMessage.Read(DnsBytes.Message(1, flags, Question, [], [])).ShouldBeNull(kind);

    [Fact]
    public void The_rest_of_a_truncated_message_does_not_matter() =>
        DnsMessage.Read([.. DnsBytes.Message(1, 0x8380, Question, [], [])[..^0], 1, 2, 3])!.IsTruncated.ShouldBeTrue();

    [Fact]
    public void Random_damage_never_makes_the_reader_fail() => Fuzz(seed: 1, rounds: 20_000);

    [Fact]
    [Trait("Category", "Long")]
    public void Ten_minutes_of_random_damage_never_make_the_reader_fail()
    {
        var watch = Stopwatch.StartNew();
        for (var seed = 2; watch.Elapsed < TimeSpan.FromMinutes(10); seed++)
        {
            Fuzz(seed, rounds: 100_000);
        }
    }

    private static void Fuzz(int seed, int rounds)
    {
        var random = new Random(seed);
        var whole = DnsBytes.Message(1, 0x8180, Question, [DnsBytes.Srv(1, 2, 3, "a.example.org"), DnsBytes.Cname("b.example.org"), DnsBytes.Record(DnsBytes.SameName, DnsType.Txt, 1, [1, 65])], [DnsBytes.Soa("example.org", 1, 1)]);
        var readable = 0;
        for (var round = 0; round < rounds; round++)
        {
            var damaged = whole[..(random.Next(4) == 0 ? random.Next(whole.Length) : whole.Length)];
            for (var changes = random.Next(1, 5); changes > 0 && damaged.Length > 0; changes--)
            {
                damaged[random.Next(damaged.Length)] = random.Next(3) == 0 ? (byte)0xC0 : (byte)random.Next(256);
            }

            readable += DnsMessage.Read(damaged) is null ? 0 : 1;
        }

        readable.ShouldBeInRange(1, rounds - 1);
    }

    private static DnsMessage? Read(params byte[][] answers) => DnsMessage.Read(DnsBytes.Message(1, 0x8180, Question, answers, []));

    /// <summary>An SRV record whose target became a pointer of two bytes.</summary>
    private static byte[] Lengthen(byte[] record)
    {
        record[^9] = 8;
        return record;
    }
}
