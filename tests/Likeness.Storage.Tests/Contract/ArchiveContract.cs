using System.Text;
using Likeness.Storage.Tables;
using Likeness.Storage.Tests.Databases;
using Likeness.Stores;

namespace Likeness.Storage.Tests.Contract;

public abstract class ArchiveContract(TestDatabase database) : StoreContract(database)
{
    private const string Garden = "garden@rooms.example.org";
    private const long Plenty = 1_000_000;
    private static readonly ArchiveFilter Everything = new();
    private static readonly ArchiveLimits Nothing = new(null, long.MaxValue, long.MaxValue);

    protected override Identity[] People => [Juliet, Romeo];

    [Fact]
    public async Task An_archive_is_made_once_for_who_is_there()
    {
        var hers = await Stores.Archives.Open(Juliet.Value);
        var his = await Stores.Archives.Open(Romeo.Value);
        await Stores.Rooms.Save(new RoomRecord(Garden, "", false, "", [1], Juliet, Noon), []);
        await Reopen();

        his.Archive.ShouldNotBe(hers.Archive);
        (await Stores.Archives.Open(Juliet.Value)).ShouldBe(hers with { Rules = (await Stores.Archives.Open(Juliet.Value)).Rules });
        (hers.Last, hers.Total, hers.Removed, hers.Asked).ShouldBe((0, 0, 0, null));
        (await Stores.Archives.Open(Garden)).Archive.ShouldBeGreaterThan(his.Archive);
        await Should.ThrowAsync<AccountGoneException>(async () => await Stores.Archives.Open("nobody@example.org"));
    }

    [Fact]
    [Trait("Requirement", "A-6")]
    public async Task Ids_are_made_with_the_same_key_for_good()
    {
        var key = await Stores.Archives.IdKey();
        key.Length.ShouldBe(16);
        await Reopen();

        (await Stores.Archives.IdKey()).ShouldBe(key);
    }

    [Fact]
    [Trait("Requirement", "A-22")]
    public async Task Messages_are_kept_in_their_order_byte_by_byte()
    {
        var archive = await Filled("one", "two \u00e4\u20ac\ud83d\ude42", "three");
        await Reopen();

        var page = await Stores.Archives.Read(archive, Everything, false, 10, Plenty);
        Texts(page).ShouldBe(["one", "two \u00e4\u20ac\ud83d\ude42", "three"]);
        page.IsWhole.ShouldBeTrue();
        page.Messages[1].ShouldBe(Message(archive, 2, "") with { Stanza = page.Messages[1].Stanza, Total = page.Messages[1].Total });
        var state = await Stores.Archives.Open(Juliet.Value);
        (state.Last, state.Total, state.Latest).ShouldBe((3, page.Messages[2].Total, Noon.AddMinutes(3)));
    }

    [Fact]
    [Trait("Requirement", "A-8")]
    public async Task A_page_says_whether_anything_is_left_in_its_direction()
    {
        var archive = await Filled("1", "2", "3", "4", "5");

        await Page(new ArchiveFilter(), false, 2, "1 2", isWhole: false);
        await Page(new ArchiveFilter(), true, 2, "4 5", isWhole: false);
        await Page(new ArchiveFilter { From = 4 }, false, 2, "4 5", isWhole: true);
        await Page(new ArchiveFilter { To = 2 }, true, 2, "1 2", isWhole: true);
        await Page(new ArchiveFilter { From = 2, To = 4 }, true, 5, "2 3 4", isWhole: true);
        await Page(new ArchiveFilter { From = 6 }, false, 5, "", isWhole: true);
        (await Stores.Archives.Count(archive, new ArchiveFilter { From = 2 })).ShouldBe(4);

        async Task Page(ArchiveFilter filter, bool isBackwards, int most, string texts, bool isWhole)
        {
            var page = await Stores.Archives.Read(archive, filter, isBackwards, most, Plenty);
            string.Join(' ', Texts(page)).ShouldBe(texts);
            page.IsWhole.ShouldBe(isWhole);
        }
    }

    [Fact]
    [Trait("Requirement", "A-23")]
    public async Task A_page_has_so_many_bytes_and_one_message_at_least()
    {
        var archive = await Filled("12345", "12345", "123456789");

        var first = await Stores.Archives.Read(archive, Everything, false, 10, 10);
        Texts(first).ShouldBe(["12345", "12345"]);
        first.IsWhole.ShouldBeFalse();
        var last = await Stores.Archives.Read(archive, Everything, true, 10, 3);
        Texts(last).ShouldBe(["123456789"]);
        last.IsWhole.ShouldBeFalse();
    }

    [Fact]
    [Trait("Requirement", "A-4")]
    [Trait("Requirement", "A-24")]
    public async Task Messages_with_somebody_are_found_by_address_and_resource()
    {
        var archive = (await Stores.Archives.Open(Juliet.Value)).Archive;
        await Stores.Archives.Add(
            Message(archive, 1, "1"),
            Message(archive, 2, "2") with { Peer = "nurse@example.org" },
            Message(archive, 3, "3") with { Resource = "orchard" },
            Message(archive, 4, "4"));
        var his = new ArchiveFilter { Peer = Romeo.Value };

        Texts(await Stores.Archives.Read(archive, his, false, 10, Plenty)).ShouldBe(["1", "3", "4"]);
        Texts(await Stores.Archives.Read(archive, his, true, 2, Plenty)).ShouldBe(["3", "4"]);
        Texts(await Stores.Archives.Read(archive, his with { Resource = "orchard" }, false, 10, Plenty)).ShouldBe(["3"]);
        Texts(await Stores.Archives.Read(archive, new ArchiveFilter { Peer = "mab@example.org" }, false, 10, Plenty)).ShouldBeEmpty();
        (await Stores.Archives.Count(archive, his)).ShouldBe(3);
    }

    [Fact]
    [Trait("Requirement", "A-4")]
    public async Task Messages_of_a_time_are_found_to_the_tick()
    {
        var archive = await Filled([.. Enumerable.Range(1, 40).Select(number => $"{number}")]);

        (await Between(archive, 10, 12)).ShouldBe("10 11 12");
        (await Between(archive, 39, null)).ShouldBe("39 40");
        (await Between(archive, null, 2)).ShouldBe("1 2");
        (await Between(archive, 41, null)).ShouldBe("");
        (await Between(archive, null, 0)).ShouldBe("");
        (await Between(archive, 20, 19)).ShouldBe("");
    }

    [Fact]
    [Trait("Requirement", "A-29")]
    public async Task Messages_of_a_time_are_found_although_the_clock_was_set_back()
    {
        var archive = (await Stores.Archives.Open(Juliet.Value)).Archive;
        int[] minutes = [1, 2, 3, 20, 21, 4, 5, 6, 22, 23, 24];
        var latest = 0;
        foreach (var (at, minute) in minutes.Index())
        {
            await Stores.Archives.Add(Message(archive, at + 1, $"{minute}") with
            {
                Sent = Noon.AddMinutes(minute),
                Latest = minute < latest ? Noon.AddMinutes(latest) : null,
            });
            latest = Math.Max(latest, minute);
        }

        await AreFound();

        // As they are, and sorted in.
        await Reopen();
        await AreFound();

        async Task AreFound()
        {
            (await Between(archive, 2, 5)).ShouldBe("2 3 4 5");
            (await Between(archive, 5, 20)).ShouldBe("20 5 6");
            (await Between(archive, 21, null)).ShouldBe("21 22 23 24");
            (await Between(archive, null, 4)).ShouldBe("1 2 3 4");
            (await Between(archive, 23, 23)).ShouldBe("23");
            (await Stores.Archives.Open(Juliet.Value)).Latest.ShouldBe(Noon.AddMinutes(24));
        }
    }

    [Fact]
    [Trait("Requirement", "M-39")]
    public async Task What_a_message_says_is_replaced()
    {
        var archive = await Filled("one", "two");

        (await Stores.Archives.Replace(archive, 1, "gone"u8.ToArray())).ShouldBeTrue();
        (await Stores.Archives.Replace(archive, 3, "gone"u8.ToArray())).ShouldBeFalse();
        Texts(await Stores.Archives.Read(archive, Everything, false, 10, Plenty)).ShouldBe(["gone", "two"]);
    }

    [Fact]
    [Trait("Requirement", "A-18")]
    public async Task Old_messages_go_in_steps_and_their_numbers_are_not_given_again()
    {
        var archive = await Filled("1", "2", "3", "4", "5");
        var owner = new ArchiveOwner(archive, Juliet.Value);
        var limits = Nothing with { Before = Noon.AddMinutes(4) };

        (await Stores.Archives.Trim(owner, limits, 2)).ShouldBe(2);
        (await Stores.Archives.Trim(owner, limits, 2)).ShouldBe(1);
        Texts(await Stores.Archives.Read(archive, Everything, false, 10, Plenty)).ShouldBe(["4", "5"]);
        (await Stores.Archives.Trim(owner, limits with { Before = Noon.AddDays(1) }, 10)).ShouldBe(2);
        (await Stores.Archives.Trim(owner, limits, 10)).ShouldBe(0);

        await Reopen();
        var state = await Stores.Archives.Open(Juliet.Value);
        (state.Last, state.Removed, state.Total).ShouldBe((5, 5, 5 * (1 + ArchivedMessage.Overhead)));
    }

    [Fact]
    [Trait("Requirement", "A-16")]
    public async Task What_is_too_many_and_too_much_goes_oldest_first()
    {
        var archive = await Filled("1", "2", "3", "4", "5");
        var owner = new ArchiveOwner(archive, Juliet.Value);

        await Stores.Archives.Trim(owner, Nothing with { MaxMessages = 3 }, 10);
        Texts(await Stores.Archives.Read(archive, Everything, false, 10, Plenty)).ShouldBe(["3", "4", "5"]);
        await Stores.Archives.Trim(owner, Nothing with { MaxBytes = 2 * (1 + ArchivedMessage.Overhead) }, 10);
        Texts(await Stores.Archives.Read(archive, Everything, false, 10, Plenty)).ShouldBe(["4", "5"]);
    }

    [Fact]
    [Trait("Requirement", "A-20")]
    public async Task An_archive_goes_with_its_owner_and_who_gets_the_name_has_a_new_one()
    {
        var archive = await Filled("1", "2", "3");
        await Stores.Accounts.Remove(Juliet);
        await Register(Juliet);

        var state = await Stores.Archives.Open(Juliet.Value);
        state.Archive.ShouldNotBe(archive);
        state.Last.ShouldBe(0);
        var abandoned = (await Stores.Archives.Abandoned(10)).ShouldHaveSingleItem();
        abandoned.Archive.ShouldBe(archive);
        (await Stores.Archives.Trim(abandoned, Nothing, 2)).ShouldBe(2);
        (await Stores.Archives.Trim(abandoned, Nothing, 2)).ShouldBe(1);
        (await Stores.Archives.List(0, 10)).Select(owner => owner.Archive).ShouldBe([state.Archive]);
        (await Stores.Archives.Count(archive, Everything)).ShouldBe(0);
    }

    [Fact]
    [Trait("Requirement", "M-49")]
    public async Task An_archive_goes_with_its_room()
    {
        await Stores.Rooms.Save(new RoomRecord(Garden, "", false, "", [1], Juliet, Noon), []);
        var archive = (await Stores.Archives.Open(Garden)).Archive;

        await Stores.Rooms.Remove(Garden, null);

        (await Stores.Archives.List(0, 10)).ShouldBe([new ArchiveOwner(archive, null)]);
        await Should.ThrowAsync<AccountGoneException>(async () => await Stores.Archives.Open(Garden));
    }

    [Fact]
    [Trait("Requirement", "A-19")]
    public async Task What_the_owner_wants_and_when_it_was_read_is_kept()
    {
        var archive = (await Stores.Archives.Open(Juliet.Value)).Archive;
        await Stores.Archives.Save(archive, new ArchiveRules(ArchiveRule.Roster, [Romeo.Value, "b@example.org"], ["c@example.org"]));
        await Stores.Archives.SaveAsked(archive, Noon);
        await Reopen();

        var state = await Stores.Archives.Open(Juliet.Value);
        state.Asked.ShouldBe(Noon);
        (state.Rules.Default, string.Join(' ', state.Rules.Always), string.Join(' ', state.Rules.Never)).ShouldBe((ArchiveRule.Roster, $"{Romeo.Value} b@example.org", "c@example.org"));
    }

    [Fact]
    [Trait("Requirement", "A-21")]
    public async Task Many_messages_at_once_become_durable_each_in_its_place()
    {
        var hers = (await Stores.Archives.Open(Juliet.Value)).Archive;
        var his = (await Stores.Archives.Open(Romeo.Value)).Archive;

        await Task.WhenAll(Enumerable.Range(1, 300).Select(number => Stores.Archives.Add(Message(hers, number, $"{number}"), Message(his, number, $"{number}"))));
        await Reopen();

        foreach (var archive in new[] { hers, his })
        {
            Texts(await Stores.Archives.Read(archive, Everything, false, 1000, Plenty)).ShouldBe(Enumerable.Range(1, 300).Select(number => $"{number}"));
        }
    }

    [Fact]
    [Trait("Requirement", "A-21")]
    public async Task What_is_still_in_the_journal_is_read_like_what_is_not()
    {
        var archive = (await Stores.Archives.Open(Juliet.Value)).Archive;
        foreach (var number in Enumerable.Range(1, 6))
        {
            await Stores.Archives.Add(Message(archive, number, $"{number}") with { Peer = number % 2 == 0 ? "nurse@example.org" : Romeo.Value });
            if (number == 3)
            {
                // Replacing sorts in what there is.
                await Stores.Archives.Replace(archive, 1, "1"u8.ToArray());
            }
        }

        await Page(Everything, false, 4, "1 2 3 4", isWhole: false);
        await Page(Everything, false, 6, "1 2 3 4 5 6", isWhole: true);
        await Page(Everything, false, 3, "1 2 3", isWhole: false);
        await Page(Everything, true, 2, "5 6", isWhole: false);
        await Page(Everything, true, 3, "4 5 6", isWhole: false);
        await Page(Everything, true, 4, "3 4 5 6", isWhole: false);
        await Page(Everything, true, 6, "1 2 3 4 5 6", isWhole: true);
        await Page(new ArchiveFilter { From = 3, To = 4 }, false, 9, "3 4", isWhole: true);
        await Page(new ArchiveFilter { To = 3 }, true, 2, "2 3", isWhole: false);
        await Page(new ArchiveFilter { From = 5 }, false, 1, "5", isWhole: false);
        await Page(new ArchiveFilter { Peer = Romeo.Value }, true, 2, "3 5", isWhole: false);
        await Page(new ArchiveFilter { Peer = Romeo.Value }, false, 9, "1 3 5", isWhole: true);
        await Page(new ArchiveFilter { Start = Noon.AddMinutes(3), End = Noon.AddMinutes(5) }, false, 9, "3 4 5", isWhole: true);
        (await Stores.Archives.Count(archive, Everything)).ShouldBe(6);
        (await Stores.Archives.Count(archive, new ArchiveFilter { Peer = Romeo.Value, Start = Noon.AddMinutes(2) })).ShouldBe(2);
        (await Stores.Archives.Open(Juliet.Value)).Last.ShouldBe(6);
        (await Stores.Archives.Replace(archive, 6, "six"u8.ToArray())).ShouldBeTrue();
        await Page(Everything, true, 1, "six", isWhole: false);

        async Task Page(ArchiveFilter filter, bool isBackwards, int most, string texts, bool isWhole)
        {
            var page = await Stores.Archives.Read(archive, filter, isBackwards, most, Plenty);
            string.Join(' ', Texts(page)).ShouldBe(texts);
            page.IsWhole.ShouldBe(isWhole);
        }
    }

    [Fact]
    [Trait("Requirement", "A-21")]
    public async Task What_a_process_left_in_the_journal_is_found_by_the_next_one_but_not_what_was_removed()
    {
        var hers = (await Stores.Archives.Open(Juliet.Value)).Archive;
        var his = (await Stores.Archives.Open(Romeo.Value)).Archive;
        var same = "both have it \u20ac"u8.ToArray();
        await Stores.Archives.Add(
            Message(hers, 1, "") with { Stanza = same, Resource = "orchard", Total = 7 },
            Message(his, 1, "") with { Stanza = same, Author = "mab@example.org" });
        await Stores.Archives.Add(Message(hers, 2, "late") with { Latest = Noon.AddHours(1) }, Message(9999, 1, "nobody's"));

        // As another process would that finds the database as it is: nothing was sorted in.
        var next = new ArchiveStore(((OpenStores)Stores).Engine);
        var page = await next.Read(hers, Everything, false, 10, Plenty);
        page.Messages.Select(message => (message.Number, message.Sent, message.Total, message.Resource, Encoding.UTF8.GetString(message.Stanza))).ShouldBe(
        [
            (1, Noon.AddMinutes(1), 7, "orchard", "both have it \u20ac"),
            (2, Noon.AddMinutes(2), 0, null, "late"),
        ]);
        (await next.Read(his, Everything, false, 10, Plenty)).Messages.ShouldHaveSingleItem().Author.ShouldBe("mab@example.org");
        (await next.Count(9999, Everything)).ShouldBe(0);
        (await next.Open(Juliet.Value)).Latest.ShouldBe(Noon.AddHours(1));
    }

    [Fact]
    public async Task More_messages_than_are_sorted_in_at_once_are_all_there()
    {
        var archive = (await Stores.Archives.Open(Juliet.Value)).Archive;
        const int Count = (2 * ArchiveJournal.MaxWaiting) + 1000;
        foreach (var batch in Enumerable.Range(1, Count).Chunk(100))
        {
            await Stores.Archives.Add([.. batch.Select(number => Message(archive, number, $"{number}"))]);
        }

        (await Stores.Archives.Count(archive, Everything)).ShouldBe(Count);
        await Reopen();
        (await Stores.Archives.Count(archive, Everything)).ShouldBe(Count);
        Texts(await Stores.Archives.Read(archive, new ArchiveFilter { From = Count - 1 }, false, 5, Plenty)).ShouldBe([$"{Count - 1}", $"{Count}"]);
    }

    private async Task<long> Filled(params string[] texts)
    {
        var archive = (await Stores.Archives.Open(Juliet.Value)).Archive;
        var total = 0L;
        foreach (var (at, text) in texts.Index())
        {
            var message = Message(archive, at + 1, text);
            total += message.Stanza.Length + ArchivedMessage.Overhead;
            await Stores.Archives.Add(message with { Total = total });
        }

        return archive;
    }

    private async Task<string> Between(long archive, int? start, int? end)
    {
        var filter = new ArchiveFilter { Start = start is { } from ? Noon.AddMinutes(from) : null, End = end is { } to ? Noon.AddMinutes(to) : null };
        var texts = string.Join(' ', Texts(await Stores.Archives.Read(archive, filter, false, 100, Plenty)));
        string.Join(' ', Texts(await Stores.Archives.Read(archive, filter, true, 100, Plenty))).ShouldBe(texts);
        return texts;
    }

    private static IEnumerable<string> Texts(ArchivePage page) => page.Messages.Select(message => Encoding.UTF8.GetString(message.Stanza));

    private static ArchivedMessage Message(long archive, long number, string text) =>
        new(archive, number, Noon.AddMinutes(number), 0, Romeo.Value, null, Encoding.UTF8.GetBytes(text));
}

public sealed class Archives_in_SQLite() : ArchiveContract(new SqliteDatabase());

[Trait("Category", "Integration")]
public sealed class Archives_in_PostgreSQL(PostgreSqlServer server) : ArchiveContract(new PostgreSqlDatabase(server));
