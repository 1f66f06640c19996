using System.Collections.Frozen;
using Likeness.Xmpp.Server.Connections;
using Likeness.Xmpp.Server.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Likeness.Xmpp.Server.Components;

/// <summary>XEP-0114 Jabber Component Protocol 1.6: programs beside this server that answer for a domain each, such as gateways and bots.</summary>
internal sealed class Xep0114Components(XmppServerOptions options, Router router, ILogger<Xep0114Components> log) : IFeature, IComponents
{
    private readonly FrozenDictionary<string, Component> _components = options.Components
        .Select(component => new Component(component, router, options, log))
        .ToFrozenDictionary(component => component.Name, StringComparer.OrdinalIgnoreCase);

    public void Register(FeatureRegistry registry)
    {
        foreach (var component in options.Components)
        {
            registry.Services.Add(component.Domain, _components[component.Domain]);
            registry.ServerItems.Add((component.Domain, component.Domain));
        }
    }

    public string? SecretOf(string name) => _components.GetValueOrDefault(name)?.Secret;

    public IStreamSession Bind(string name, StreamConnection connection) => _components[name].Bind(connection);
}

/// <summary>The parts of components.</summary>
internal static class ComponentParts
{
    public static IServiceCollection AddComponents(this IServiceCollection services) => services
        .AddSingleton<Xep0114Components>()
        .AddSingleton<IFeature>(provider => provider.GetRequiredService<Xep0114Components>())
        .AddSingleton<IComponents>(provider => provider.GetRequiredService<Xep0114Components>());
}
