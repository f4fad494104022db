// SPDX-License-Identifier: Apache-2.0
using Grpc.Health.V1;
using TokenLedger.Rpc.Tests.Protos;

namespace TokenLedger.Rpc.Tests;

/// <summary>
/// Clients of other languages against our server; each program runs its own list of checks.
/// </summary>
[Trait("Category", "Interop")]
public sealed class ServerInteropTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public Task PythonClient_AllChecks_Pass(bool tls, bool compress) =>
        RunAsync(22, tls, compress, (target, ca) =>
        ForeignProcess.StartPython("client.py", ca is null ? [target] : [target, ca]));

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public Task NodeClient_AllChecks_Pass(bool tls, bool compress) =>
        RunAsync(22, tls, compress, (target, ca) =>
    {
        var protos = Path.Combine(ForeignProcess.RepositoryRoot, "proto");
        string[] arguments = [ForeignProcess.Proto, protos, target];
        return ForeignProcess.StartNode("client.js", ca is null ? arguments : [.. arguments, ca]);
    });

    private static async Task RunAsync(
        int checks, bool tls, bool compress, Func<string, string?, ForeignProcess> start)
    {
        var health = new HealthService();
        health.SetStatus("", HealthCheckResponse.Types.ServingStatus.Serving);
        await using var server = await TestServer.StartAsync(
            new RpcServerOptions { CompressResponses = compress },
            map: app =>
            {
                app.MapRpcService(health);
                app.MapRpcService(new ReflectionService(InteropReflection.Descriptor));
            });
        var folder = Directory.CreateTempSubdirectory("rpc-interop-");
        try
        {
            server.Certificates.WritePem(folder.FullName);
            var address = tls ? server.TlsAddress : server.PlainAddress;
            using var program = start(
                address.Authority, tls ? Path.Combine(folder.FullName, "ca.pem") : null);
            var (lines, errors) = await program.RunToEndAsync();
            var report = string.Join(
                '\n', lines.Where(line => !line.StartsWith("ok ", StringComparison.Ordinal)));
            Assert.True(report.Length == 0, report + errors);
            Assert.True(
                checks == lines.Length, $"{lines.Length} checks ran: {string.Join(", ", lines)} {errors}");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
