using System.IO.Compression;
using System.Net;
using System.Text;
using Likeness.Accounts;
using Likeness.Cli.Tests;
using Likeness.Web.Exchange;
using Likeness.Web.Mails;
using Likeness.Web.Tests.Hosting;

namespace Likeness.Web.Tests.Exchange;

/// <summary>What a person brings along from another Libravatar server, for which nobody vouches.</summary>
[Trait("Requirement", "L-125")]
public sealed class PersonImportTests : MailedPages
{
    private const string Other = "j@capulet.example";
    private static readonly byte[] Main = TestPicture.Waves(120, 2);
    private static readonly byte[] Second = TestPicture.Waves(120, 7);

    [Fact]
    public async Task An_address_shows_nothing_until_it_is_confirmed_by_mail_and_then_its_own_photo()
    {
        var done = await Take(Juliet, Export($"<email photo_id='1'>{JulietsAddress}</email><email photo_id='1'>{Mantua}</email><email photo_id='2'>{Other}</email><email photo_id='None'>none@capulet.example</email>", ("1", Main), ("2", Second)));
        done.Location.ShouldBe("/me/move?photos=2&asked=3&later=0&left=0");
        (await Juliet.Follow(done)).Says("[role=status]").ShouldNotBeNullOrEmpty();
        (await Web(JulietsAddress)).ShouldNotBeNull("her own address shows the main photo, since she showed nothing");
        (await Web(Mantua)).ShouldBeNull();
        (await Web(Other)).ShouldBeNull();
        (await Run("address", "list", JulietsAddress)).Trim().ShouldBe(JulietsAddress);

        var mails = await MailsOf(3);
        foreach (var mail in mails)
        {
            (await Juliet.Submit(await Juliet.Get(mail.Link), mail.Link + "?handler=Address")).Location.ShouldBe("/me/addresses?done=confirmed");
        }

        (await Web(Mantua)).ShouldBe(await Web(JulietsAddress));
        var second = await Web(Other);
        second.ShouldNotBeNull();
        second.ShouldNotBe(await Web(JulietsAddress));
        (await Web("none@capulet.example")).ShouldBeNull("it showed none there");

        // User name and password of the file are nobody's here.
        var browser = Browser();
        (await browser.Submit(await browser.Get("/sign-in"), "/sign-in", ("name", JulietsAddress), ("password", "from there"))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Run("user", "list")).ShouldNotContain("montague");
    }

    [Fact]
    public async Task Mails_go_out_one_after_another_and_no_more_addresses_wait_than_may()
    {
        var addresses = string.Concat(Enumerable.Range(0, 8).Select(number => $"<email photo_id='1'>a{number}@capulet.example</email>"));
        (await Take(Juliet, Export(addresses, ("1", Main)))).Location.ShouldBe($"/me/move?photos=1&asked={MailBook.MaxWaiting}&later=3&left=0");
        var mails = await MailsOf(MailBook.MaxWaiting);
        mails.SelectMany(mail => mail.To).Distinct().Count().ShouldBe(MailBook.MaxWaiting);
        var page = await Juliet.Get("/me/addresses");
        page.Html.QuerySelectorAll("form[action='/me/addresses?handler=Again']").Length.ShouldBe(8);
        (await Again("a7@capulet.example")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity, "so many wait already");

        // Each that is confirmed lets the next one go out; one that is given up does, too.
        (await Juliet.Submit(await Juliet.Get(mails[0].Link), mails[0].Link + "?handler=Address")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await MailsOf(1)).Single().To.ShouldBe(["a5@capulet.example"]);
        (await Web(mails[0].To.Single())).ShouldNotBeNull();
        await Juliet.Post("/me/addresses?handler=Drop", [new("__RequestVerificationToken", WebBrowser.FormToken(page)), new("address", "a5@capulet.example")]);
        (await Again("a6@capulet.example")).Location.ShouldBe("/me/addresses?done=sent");
        (await MailsOf(1)).Single().To.ShouldBe(["a6@capulet.example"]);

        async Task<Answer> Again(string address) =>
            await Juliet.Post("/me/addresses?handler=Again", [new("__RequestVerificationToken", WebBrowser.FormToken(page)), new("address", address)]);
    }

    [Fact]
    public async Task What_the_person_shows_already_stays_and_somebody_elses_address_too()
    {
        await Juliet.Upload(await Juliet.Get("/me/picture"), "/me/picture", TestPicture.Waves(120, 5));
        var before = await Web(JulietsAddress);
        (await Take(Juliet, Export($"<email photo_id='2'>{RomeosAddress}</email><email photo_id='1'>{Mantua}</email>", ("1", Main), ("2", Second)))).Location.ShouldBe("/me/move?photos=2&asked=2&later=0&left=0");
        (await Web(JulietsAddress)).ShouldBe(before);
        var mails = await MailsOf(2);
        var romeos = mails.Single(mail => mail.To.Contains(RomeosAddress));
        (await Romeo.Submit(await Romeo.Get(romeos.Link), romeos.Link + "?handler=Address")).Status.ShouldBe(HttpStatusCode.Conflict);
        (await Run("address", "list", RomeosAddress)).Trim().ShouldBe(RomeosAddress);
        var hers = mails.Single(mail => mail.To.Contains(Mantua));
        await Juliet.Submit(await Juliet.Get(hers.Link), hers.Link + "?handler=Address");
        (await Web(Mantua)).ShouldNotBeNull();
        (await Web(Mantua)).ShouldNotBe(before, "the photo that it showed there");

        // The same file again asks nobody twice and keeps nothing twice.
        (await Take(Juliet, Export($"<email photo_id='1'>{Mantua}</email>", ("1", Main)))).Location.ShouldBe("/me/move?photos=1&asked=0&later=0&left=0");
        (await Juliet.Get("/me/pictures")).Html.QuerySelectorAll(".album li").Length.ShouldBe(3);
    }

    [Fact]
    public async Task What_is_no_export_is_refused_and_what_is_no_picture_left_out()
    {
        foreach (var file in new[] { "no export"u8.ToArray(), Packed("<users/>"), Packed("<!DOCTYPE user [<!ENTITY a 'b'>]><user xmlns='https://www.libravatar.org/schemas/export/0.2'/>"), Packed(new string(' ', (int)PersonImport.MaxUnfolded + 1)) })
        {
            (await Take(Juliet, file)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        }

        (await Take(Juliet, Export($"<email photo_id='1'>{Mantua}</email>", ("1", "no picture"u8.ToArray())))).Location.ShouldBe("/me/move?photos=0&asked=1&later=0&left=1");
        (await Web(JulietsAddress)).ShouldBeNull();
    }

    [Fact]
    [Trait("Requirement", "P-11")]
    public async Task It_is_for_the_owner_who_showed_the_password_within_minutes()
    {
        var page = await Juliet.Get("/me/move");
        Time.Advance(WebSessions.Fresh);
        (await Juliet.Get("/me/move")).Location!.ShouldStartWith("/sign-in?");
        (await Juliet.UploadAs("export", page, "/me/move", Export($"<email>{Mantua}</email>"))).Location!.ShouldStartWith("/sign-in?");
        (await AllUntilNowBy(await Browser(RomeosAddress, Password))).ShouldBeEmpty();
    }

    private static async Task<Answer> Take(WebBrowser browser, byte[] file) => await browser.UploadAs("export", await browser.Get("/me/move"), "/me/move", file);

    // Mails that a file leads to are due one after another.
    private async Task<IReadOnlyList<Received>> MailsOf(int count)
    {
        Time.Advance(PersonImport.Pace * MailBook.MaxWaiting);
        var mails = await AllUntilNow();
        mails.Count.ShouldBe(count);
        return mails;
    }

    private async Task<IReadOnlyList<Received>> AllUntilNowBy(WebBrowser romeo) => await Mails.UntilNow(async fence => await romeo.Submit(await romeo.Get("/admin/mail"), "/admin/mail", ("address", fence)));

    private static byte[] Export(string emails, params (string Id, byte[] Photo)[] photos) => Packed($"""
        <?xml version="1.0" encoding="UTF-8"?><user xmlns="https://www.libravatar.org/schemas/export/0.2">
        <account username="montague" password="from there"/><emails>{emails}</emails><openids/>
        <photos>{string.Concat(photos.Select(photo => $"<photo id=\"{photo.Id}\" encoding=\"base64\" format=\"png\">{Convert.ToBase64String(photo.Photo)}</photo>"))}</photos></user>
        """);

    private static byte[] Packed(string text)
    {
        using var file = new MemoryStream();
        using (var packed = new GZipStream(file, CompressionLevel.Fastest))
        {
            packed.Write(Encoding.UTF8.GetBytes(text));
        }

        return file.ToArray();
    }
}
