using System.IO.Compression;
using System.Text.Json;
using Likeness.Accounts;
using Likeness.Stores;
using Likeness.Web.Mails;
using Likeness.Web.Passkeys;
using Microsoft.AspNetCore.Mvc;

namespace Likeness.Web.Pages;

/// <summary><c>/me/export</c>: what is kept here of the person beside the chats, in one file, after the person showed again who it is.</summary>
internal sealed class ExportModel(AccountBook accounts, PasskeyBook passkeys, WebSessions sessions, PortraitBook book, AddressBook addresses, ProfileBook profiles, IStores stores, IPersonExport export, Notices notices, TimeProvider time) : ConfirmedPage(accounts, passkeys, time)
{
    private const int MaxEvents = 1_000;

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public void OnGet()
    {
    }

    public async Task<IActionResult> OnPost([FromForm] string? password)
    {
        if (await NotConfirmed(password) is { } refused)
        {
            return refused;
        }

        var person = Visitor.Account;
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            if (await export.Export(person, HttpContext.RequestAborted) is { } known)
            {
                await Write(zip, known.Name, known.Bytes);
            }

            await Write(zip, "person.json", JsonSerializer.SerializeToUtf8Bytes(await All(person), Readable));
        }

        await notices.Tell(person, "export");
        return File(file.ToArray(), "application/zip", $"{person.Value.Split('@')[0]}.zip");
    }

    private async Task<object> All(Identity person)
    {
        var portrait = await book.Find(person, HttpContext.RequestAborted);
        var events = await stores.Audit.Read([person.Value], since: null, MaxEvents, HttpContext.RequestAborted);
        return new
        {
            Account = person.Value,
            Addresses = await addresses.Of(person, HttpContext.RequestAborted),
            Portrait = new { portrait.IsShown, Visibility = book.VisibilityOf(portrait).ToString(), portrait.Changed, Origin = portrait.Origin.ToString(), Picture = portrait.Source?.Id.Hex },
            Profile = await profiles.Find(person, HttpContext.RequestAborted),
            Sessions = (await sessions.List(person, HttpContext.RequestAborted)).Select(session => new { session.Browser, session.Network, session.Created, session.Used }),
            Events = events.Select(entry => new { entry.Time, entry.By, entry.Action, entry.Reason, entry.Detail }),
        };
    }

    private static async Task Write(ZipArchive zip, string name, byte[] bytes)
    {
        await using var entry = await zip.CreateEntry(name).OpenAsync();
        await entry.WriteAsync(bytes);
    }
}
