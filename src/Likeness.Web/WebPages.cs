using Likeness.Accounts;
using Likeness.Stores;
using Likeness.Web.Exchange;
using Likeness.Web.Looks;
using Likeness.Web.Mails;
using Likeness.Web.Pages;
using Likeness.Web.Passkeys;
using Likeness.Web.Portraits;
using Likeness.Web.Profiles;
using Likeness.Web.Proofs;
using Likeness.Web.Providers;
using Likeness.Web.Visits;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Likeness.Web;

/// <summary>Composition of the pages.</summary>
public static class WebPages
{
    // Of a form: no page has more.
    private const int MaxFields = 32;

    /// <summary>Needs the books of accounts, roles, portraits, addresses and invitations, <see cref="PortraitActs"/> and <see cref="IPortraitPainter"/> beside it.</summary>
    public static IServiceCollection AddPages(this IServiceCollection services, PageOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<DomainLooks>();
        services.AddSingleton<PageGate>();
        services.AddSingleton<PasskeyBook>();
        services.AddSingleton<SecondSteps>();
        services.AddSingleton<ResetLinks>();
        services.AddSingleton<ProviderBook>();
        services.AddSingleton<Administrators>();
        services.AddSingleton<OwnPortrait>();
        services.AddSingleton<ProfileEndpoint>();
        services.AddSingleton<Reports>();
        services.AddSingleton(new MailTokens(options.Mail?.Secret ?? []));
        services.AddSingleton<MailTexts>();
        services.AddSingleton<MailBook>();
        services.AddHttpContextAccessor();
        services.AddSingleton<Notices>();
        services.AddSingleton<Entrance>();
        services.AddSingleton<SignUps>();
        services.AddSingleton<IAccountListener>(provider => provider.GetRequiredService<Notices>());
        services.AddSingleton(provider => new MailDelivery(
            provider.GetRequiredService<IMailStore>(),
            options.Mail?.Route switch { MailRoute.Smtp smtp => new SmtpRoute(options.Mail, smtp), MailRoute.Folder folder => new FolderRoute(folder), _ => null },
            provider.GetRequiredService<MailTexts>(),
            provider.GetRequiredService<MailTokens>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<MailDelivery>>()));
        services.AddSingleton<Imports>();
        services.AddSingleton<OwnCheck>();
        services.AddSingleton<PageProofs>();
        services.AddSingleton<PersonImport>();
        services.AddSingleton<PortraitStreams>();
        services.AddSingleton<IPortraitListener>(provider => provider.GetRequiredService<PortraitStreams>());
        services.AddSingleton<IAntiforgery, FormTokens>();
        services.Configure<RouteOptions>(routing => routing.ConstraintMap[AvatarHashConstraint.Name] = typeof(AvatarHashConstraint));
        services.AddRazorPages().ConfigureApplicationPartManager(parts =>
        {
            // These pages and no others, wherever the program is started from.
            parts.ApplicationParts.Clear();
            parts.ApplicationParts.Add(new AssemblyPart(typeof(WebPages).Assembly));
            parts.ApplicationParts.Add(new CompiledRazorAssemblyPart(typeof(WebPages).Assembly));
        });
        services.Configure<FormOptions>(form =>
        {
            form.ValueCountLimit = MaxFields;
            form.MultipartBodyLengthLimit = options.LargestFile + PageGate.MaxForm;
        });

        // The framework brings keys for cookies of its own along; nothing here uses them, and none are to lie on a disk.
        services.AddSingleton<IDataProtectionProvider, EphemeralDataProtectionProvider>();
        foreach (var keys in services.Where(service => service.ServiceType == typeof(IHostedService) && service.ImplementationType?.Name == "DataProtectionHostedService").ToList())
        {
            services.Remove(keys);
        }

        return services;
    }

    /// <summary>The same acts, of which the person is told by mail as well.</summary>
    public static IAdministration Told(this IServiceProvider services, IAdministration administration) => new ToldAdministration(administration, services.GetRequiredService<Notices>());

    /// <summary>Looks again at pages that prove whose address they are; to be called each minute.</summary>
    public static Task LookAtPages(this IServiceProvider services, CancellationToken cancellationToken) => services.GetRequiredService<PageProofs>().LookAgain(cancellationToken);

    /// <summary>Serves the pages; call after the routing of what is not one.</summary>
    public static void MapPages(this WebApplication application)
    {
        var gate = application.Services.GetRequiredService<PageGate>();
        application.Use(next => context => gate.Pass(context, next));
        Assets.Map(application);
        application.Services.GetRequiredService<ProfileEndpoint>().Map(application);
        application.MapRazorPages();
    }
}
