using Likeness.Storage.Tests.Databases;
using Likeness.Stores;

namespace Likeness.Storage.Tests.Contract;

[Trait("Requirement", "P-82")]
public abstract class MailContract(TestDatabase database) : StoreContract(database)
{
    private const string Mantua = "juliet@mantua.example";
    private static readonly MailBounds Wide = new(100, 1_000);

    protected override Identity[] People => [Juliet, Romeo];

    [Fact]
    public async Task A_mail_is_kept_as_it_is_until_it_went_out()
    {
        var mail = Of("a") with { Browser = [1, 2] };
        (await Stores.Mails.Add([mail], Wide)).ShouldBeNull();
        await Reopen();
        var kept = (await Stores.Mails.Take(Noon, Noon.AddMinutes(5), 10)).ShouldHaveSingleItem();
        kept.Browser.ShouldBe([1, 2]);
        (kept with { Browser = null }).ShouldBe(mail with { Browser = null });

        await Stores.Mails.Going("a", [3, 4], [5]);
        await Stores.Mails.Sent("a");
        var sent = await Stores.Mails.Find("a");
        (sent!.Due, sent.Used, sent.Error).ShouldBe((null, null, null));
        (sent.Hash, sent.Code).ShouldSatisfyAllConditions(pair => pair.Hash.ShouldBe([3, 4]), pair => pair.Code.ShouldBe([5]));
    }

    [Fact]
    public async Task Who_takes_a_mail_has_it_alone_and_when_nothing_came_of_it_its_time_comes_again()
    {
        await Stores.Mails.Add([Of("a"), Of("b") with { Due = Noon.AddMinutes(1) }, Of("c")], Wide);
        (await Stores.Mails.Take(Noon, Noon.AddMinutes(5), 1)).Select(mail => mail.Id).ShouldBe(["a"]);
        (await Stores.Mails.Take(Noon, Noon.AddMinutes(5), 9)).Select(mail => mail.Id).ShouldBe(["c"]);
        (await Stores.Mails.Take(Noon, Noon.AddMinutes(5), 9)).ShouldBeEmpty();
        (await Stores.Mails.Take(Noon.AddMinutes(5), Noon.AddMinutes(9), 9)).Select(mail => mail.Id).ShouldBe(["b", "a", "c"]);
    }

    [Fact]
    public async Task Of_many_who_take_mails_at_once_no_two_get_the_same()
    {
        await Stores.Mails.Add([.. Enumerable.Range(0, 20).Select(number => Of($"m{number:00}"))], Wide);
        var taken = await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ => await Stores.Mails.Take(Noon, Noon.AddMinutes(5), 2)));
        taken.SelectMany(mails => mails).Select(mail => mail.Id).Order().ShouldBe(Enumerable.Range(0, 20).Select(number => $"m{number:00}"));
    }

    [Fact]
    public async Task What_did_not_go_out_is_tried_again_or_given_up_and_shown()
    {
        await Stores.Mails.Add([Of("a"), Of("b") with { Made = Noon.AddSeconds(1) }, Of("c"), Of("d")], Wide);
        await Stores.Mails.Take(Noon, Noon.AddMinutes(5), 9);
        await Stores.Mails.PutOff("a", Noon.AddMinutes(1), "busy");
        await Stores.Mails.GiveUp("b", Noon, "no such mailbox", isRefused: true);
        await Stores.Mails.GiveUp("c", Noon, "too old", isRefused: false);
        await Stores.Mails.Sent("d");
        var troubled = await Stores.Mails.Troubled(10);
        troubled.Select(mail => (mail.Id, mail.Error, mail.Tries, mail.Refused is not null, mail.Due is not null))
            .ShouldBe([("b", "no such mailbox", 1, true, false), ("a", "busy", 1, false, true), ("c", "too old", 1, false, false)]);
        (await Stores.Mails.Take(Noon.AddMinutes(1), Noon.AddMinutes(9), 9)).Select(mail => mail.Id).ShouldBe(["a"]);
    }

    [Fact]
    public async Task No_more_go_to_one_address_within_an_hour_and_notices_are_counted_by_themselves()
    {
        var bounds = new MailBounds(2, 1_000);
        (await Stores.Mails.Add([Of("a"), Of("b")], bounds)).ShouldBeNull();
        (await Stores.Mails.Add([Of("c")], bounds)).ShouldBe(MailRefusal.TooMany);
        (await Stores.Mails.Add([Of("d") with { Kind = MailKind.Notice }], bounds)).ShouldBeNull();
        (await Stores.Mails.Add([Of("e") with { Address = "romeo@mantua.example" }], bounds)).ShouldBeNull();
        (await Stores.Mails.Add([Of("f") with { Made = Noon.AddHours(1) }], bounds)).ShouldBeNull();
        (await Stores.Mails.Find("c")).ShouldBeNull();
    }

    [Fact]
    public async Task Of_mails_that_belong_together_all_are_kept_or_none()
    {
        (await Stores.Mails.Add([Of("a") with { Address = "romeo@mantua.example" }, Of("b"), Of("c")], new MailBounds(1, 1_000))).ShouldBe(MailRefusal.TooMany);
        (await Stores.Mails.Find("a")).ShouldBeNull();
        (await Stores.Mails.Add([Of("d"), Of("e")], new MailBounds(9, 1))).ShouldBe(MailRefusal.Full);
        (await Stores.Mails.Find("d")).ShouldBeNull();
    }

    [Fact]
    [Trait("Requirement", "P-21")]
    public async Task Who_wants_no_mail_gets_none_for_a_while_and_links_that_went_there_are_good_no_more()
    {
        await Stores.Mails.Add([Of("a")], Wide);
        await Stores.Mails.Stop(Mantua, Noon.AddDays(30));
        (await Stores.Mails.Take(Noon.AddDays(1), Noon.AddDays(2), 9)).ShouldBeEmpty();
        (await Stores.Mails.Use("a", Noon)).ShouldBeFalse();
        (await Stores.Mails.Add([Of("b")], Wide)).ShouldBe(MailRefusal.Stopped);
        (await Stores.Mails.Add([Of("c") with { Made = Noon.AddDays(30) }], Wide)).ShouldBeNull();
    }

    [Fact]
    [Trait("Requirement", "P-5")]
    public async Task A_link_is_good_once_and_for_a_while()
    {
        await Stores.Mails.Add([Of("a"), Of("b")], Wide);
        var used = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ => await Stores.Mails.Use("a", Noon.AddMinutes(1))));
        used.Count(was => was).ShouldBe(1);
        (await Stores.Mails.Use("b", Noon.AddDays(3))).ShouldBeFalse();
        await Should.ThrowAsync<LinkUsedException>(async () => await Stores.Write([new StoreWrite.UsedMail("a", Noon)]));
        await Stores.Write([new StoreWrite.UsedMail("b", Noon)]);
        (await Stores.Mails.Use("b", Noon)).ShouldBeFalse();
        (await Stores.Mails.Guessed("a")).ShouldBe(1);
        (await Stores.Mails.Guessed("a")).ShouldBe(2);
    }

    [Fact]
    [Trait("Requirement", "P-20")]
    public async Task What_waits_for_a_person_is_listed_and_can_be_taken_back()
    {
        await Stores.Mails.Add([Of("a"), Of("b") with { Address = "other@mantua.example", Made = Noon.AddSeconds(-1) }, Of("c") with { Account = Romeo }], Wide);
        (await Stores.Mails.Of(Juliet, MailKind.Address)).Select(mail => mail.Id).ShouldBe(["b", "a"]);
        (await Stores.Mails.Of(Juliet, MailKind.Reset)).ShouldBeEmpty();
        (await Stores.Mails.Drop(Romeo, MailKind.Address, "other@mantua.example")).ShouldBe(0);
        (await Stores.Mails.Drop(Juliet, MailKind.Address, Mantua)).ShouldBe(1);
        (await Stores.Mails.Of(Juliet, MailKind.Address)).Select(mail => mail.Id).ShouldBe(["b"]);
        (await Stores.Mails.Use("a", Noon)).ShouldBeFalse();
        (await Stores.Mails.Take(Noon, Noon.AddMinutes(5), 9)).Select(mail => mail.Id).Order().ShouldBe(["b", "c"]);
    }

    [Fact]
    public async Task Mails_go_with_the_account_and_when_their_links_are_too_old_and_refusals_are_remembered_longer()
    {
        await Stores.Mails.Add([Of("a"), Of("b") with { Account = Romeo }, Of("c") with { Account = Romeo }], Wide);
        await Stores.Mails.GiveUp("c", Noon, "no such mailbox", isRefused: true);
        await Stores.Accounts.Remove(Juliet);
        (await Stores.Mails.Find("a")).ShouldBeNull();
        await Stores.Mails.Prune(Noon.AddHours(2));
        (await Stores.Mails.Find("b")).ShouldNotBeNull();
        await Stores.Mails.Prune(Noon.AddDays(4));
        (await Stores.Mails.Find("b")).ShouldBeNull();
        (await Stores.Mails.Find("c")).ShouldNotBeNull();
        await Stores.Mails.Prune(Noon.AddDays(31));
        (await Stores.Mails.Find("c")).ShouldBeNull();
    }

    private static Mail Of(string id) => new(id, MailKind.Address, Juliet, Mantua, "{}", "192.0.2.0/24", Noon, Noon.AddDays(3)) { Due = Noon };
}

public sealed class Mails_in_SQLite() : MailContract(new SqliteDatabase());

[Trait("Category", "Integration")]
public sealed class Mails_in_PostgreSQL(PostgreSqlServer server) : MailContract(new PostgreSqlDatabase(server));
