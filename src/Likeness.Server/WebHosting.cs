using Likeness.Accounts;
using Likeness.Http.Invitations;
using Likeness.Http.WellKnown;
using Likeness.Server.Administration;
using Likeness.Server.Options;
using Likeness.Web;
using Likeness.Xmpp.Server.Routing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Server;

/// <summary>How the pages for people are put into the host.</summary>
internal static class WebHosting
{
    public static IServiceCollection AddWeb(this IServiceCollection services, LikenessOptions options) => options.Pages
        ? (options.PictureImport.IsOn ? services.AddSingleton<IPictureImport>(provider => new PictureImports(options, provider.GetRequiredService<DomainPolicies>(), provider.GetRequiredService<TimeProvider>())) : services)
            .AddPages(new PageOptions
            {
                PublicUrl = options.PublicUrl,
                Mail = MailKeys.Of(options),
                LargestFile = options.Pictures.LargestFile,
                MinPasswordCharacters = options.MinPasswordCharacters,
                OpensAccounts = options.Chat.Registration == Registration.Open,
                PageProofs = options.PageProofs,
                AccountsAreMailboxes = options.AccountsAreMailboxes,
                ReturnHosts = options.ReturnHosts,
                Providers = options.Providers,
                AdministratorsNeedSecondFactor = options.AdministratorsNeedSecondFactor,
                HasChats = XmppHosting.ServesChats(options),
                Shows = GatewayKeys.Shows(options),
                Privacy = new PrivacyFacts
                {
                    TalksToOtherServers = FederationKeys.IsOn(options),
                    KeepsArchives = options.Chat.Archive.IsOn,
                    SharedFiles = UploadKeys.IsOn(options) ? options.Files.Lifetime : null,
                    AsksOtherDomains = options.Avatars.Gateway.IsOn,
                    Contacts = [.. options.Chat.Contacts.Select(contact => contact.Address).Distinct()],
                },
            })
            .AddBackgroundTask<MailTask>()
            .AddBackgroundTask<PageTask>()
            .AddSingleton(provider => new WebAdministration(provider.GetRequiredService<OperationContext>(), options))
            .AddSingleton<IAdministration>(provider => provider.Told(provider.GetRequiredService<WebAdministration>()))
            .AddSingleton<IServerHealth>(provider => provider.GetRequiredService<WebAdministration>())
            .AddSingleton<IServerSettings>(provider => provider.GetRequiredService<WebAdministration>())
            .AddSingleton<IPersonExport>(provider => provider.GetRequiredService<WebAdministration>())
        : services;

    public static IServiceCollection AddPictureCheck(this IServiceCollection services, LikenessOptions options, HostSurroundings surroundings, Listeners listeners) =>
        surroundings.PictureCheck is { } make && options.Pages
            ? services.AddSingleton(provider => make(new PictureCheckSurroundings(
                options,
                XmppHosting.ServesChats(options) ? provider.GetRequiredService<AccountAsker>() : null,
                () => listeners.Addresses,
                surroundings.Time)))
            : services;

    /// <summary>Where there are no pages, two small ones say what this is.</summary>
    public static void Map(WebApplication application, LikenessOptions options)
    {
        if (options.Pages)
        {
            application.MapPages();
        }
        else
        {
            application.MapFrontPage();
            application.MapInvitations();
        }
    }
}
