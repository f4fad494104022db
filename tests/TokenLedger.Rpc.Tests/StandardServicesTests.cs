// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection.V1;
using TokenLedger.Rpc.Tests.Protos;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace TokenLedger.Rpc.Tests;

public sealed class StandardServicesTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly HealthService _health = new();
    private TestServer? _server;

    public async Task InitializeAsync() => _server = await TestServer.StartAsync(map: app =>
    {
        app.MapRpcService(_health);
        app.MapRpcService(new ReflectionService(
            InteropReflection.Descriptor, HealthReflection.Descriptor, DescriptorReflection.Descriptor));
    });

    public async Task DisposeAsync() => await _server!.DisposeAsync();

    [Fact]
    public async Task HealthCheck_KnownAndUnknown_AreToldApart()
    {
        using var channel = _server!.OpenChannel();
        var client = new Health.HealthClient(channel);
        var unknown = await Assert.ThrowsAsync<RpcException>(
            async () => await client.CheckAsync(new HealthCheckRequest { Service = "a" }));
        Assert.Equal(StatusCode.NotFound, unknown.StatusCode);
        _health.SetStatus("a", ServingStatus.NotServing);
        _health.SetStatus("", ServingStatus.Serving);
        Assert.Equal(
            ServingStatus.NotServing,
            (await client.CheckAsync(new HealthCheckRequest { Service = "a" })).Status);
        Assert.Equal(ServingStatus.Serving, client.Check(new HealthCheckRequest()).Status);
        Assert.Equal(["", "a"], (await client.ListAsync(new HealthListRequest())).Statuses.Keys.Order());
    }

    [Fact]
    public async Task HealthWatch_Changes_AreStreamedOnce()
    {
        using var channel = _server!.OpenChannel();
        using var call = new Health.HealthClient(channel).Watch(new HealthCheckRequest { Service = "a" });
        await RequireNextAsync(ServingStatus.ServiceUnknown);
        _health.SetStatus("b", ServingStatus.NotServing);
        _health.SetStatus("a", ServingStatus.Serving);
        await RequireNextAsync(ServingStatus.Serving);
        _health.SetStatus("a", ServingStatus.Serving);
        _health.SetStatus("a", ServingStatus.NotServing);
        await RequireNextAsync(ServingStatus.NotServing);
        _health.ClearStatus("a");
        await RequireNextAsync(ServingStatus.ServiceUnknown);

        async Task RequireNextAsync(ServingStatus expected)
        {
            Assert.True(await call.ResponseStream.MoveNext().WaitAsync(Patience));
            Assert.Equal(expected, call.ResponseStream.Current.Status);
        }
    }

    [Fact]
    public async Task HealthWatch_ServerStops_EndsUnavailable()
    {
        using var channel = _server!.OpenChannel();
        using var call = new Health.HealthClient(channel).Watch(new HealthCheckRequest());
        Assert.True(await call.ResponseStream.MoveNext());
        using var patience = new CancellationTokenSource(Patience);
        await _server.StopAsync(patience.Token);
        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
    }

    [Fact]
    public async Task Reflection_ListServices_NamesAll()
    {
        var answer = await AskAsync(new ServerReflectionRequest { ListServices = "" });
        Assert.Equal(
            ["grpc.health.v1.Health", "tokenledger.interop.v1.Interop"],
            answer.ListServicesResponse.Service.Select(service => service.Name));
    }

    [Theory]
    [InlineData("tokenledger.interop.v1.Interop", "interop.proto")]
    [InlineData("tokenledger.interop.v1.Interop.Echo", "interop.proto")]
    [InlineData("tokenledger.interop.v1.Payload.data", "interop.proto")]
    [InlineData("grpc.health.v1.HealthCheckResponse.ServingStatus", "grpc/health/v1/health.proto")]
    [InlineData("google.protobuf.FieldOptions.CType", "google/protobuf/descriptor.proto")]
    public async Task Reflection_Symbol_GivesItsFile(string symbol, string file)
    {
        var answer = await AskAsync(new ServerReflectionRequest { FileContainingSymbol = symbol });
        var bytes = answer.FileDescriptorResponse.FileDescriptorProto[0];
        Assert.Equal(file, FileDescriptorProto.Parser.ParseFrom(bytes).Name);
        Assert.Equal(symbol, answer.OriginalRequest.FileContainingSymbol);
    }

    [Fact]
    public async Task Reflection_File_ComesWithItsImports()
    {
        await using var host = await TestServer.StartAsync(map: app =>
            app.MapRpcService(new ReflectionService(TypeReflection.Descriptor)));
        using var channel = host.OpenChannel();
        var answer = await AskAsync(
            new ServerReflectionRequest { FileByFilename = "google/protobuf/type.proto" }, channel);
        var names = answer.FileDescriptorResponse.FileDescriptorProto
            .Select(bytes => FileDescriptorProto.Parser.ParseFrom(bytes).Name);
        Assert.Equal(
            ["type", "any", "source_context"],
            names.Select(Path.GetFileNameWithoutExtension));
    }

    [Fact]
    public async Task Reflection_Unknown_IsAnErrorInTheStream()
    {
        ServerReflectionRequest[] requests =
        [
            new() { FileByFilename = "no.proto" },
            new() { FileContainingSymbol = "no.Symbol" },
            new() { AllExtensionNumbersOfType = "no.Type" },
            new() { FileContainingExtension = new() { ContainingType = "no.Type", ExtensionNumber = 1 } },
        ];
        foreach (var request in requests)
        {
            Assert.Equal((int)StatusCode.NotFound, (await AskAsync(request)).ErrorResponse.ErrorCode);
        }

        var nothing = await AskAsync(new ServerReflectionRequest());
        Assert.Equal((int)StatusCode.InvalidArgument, nothing.ErrorResponse.ErrorCode);
        var none = await AskAsync(new ServerReflectionRequest
        {
            AllExtensionNumbersOfType = "tokenledger.interop.v1.Payload",
        });
        Assert.Empty(none.AllExtensionNumbersResponse.ExtensionNumber);
    }

    private async Task<ServerReflectionResponse> AskAsync(
        ServerReflectionRequest request, RpcChannel? to = null)
    {
        using var own = to is null ? _server!.OpenChannel() : null;
        using var call = new ServerReflection.ServerReflectionClient(to ?? own!).ServerReflectionInfo();
        await call.RequestStream.WriteAsync(request);
        Assert.True(await call.ResponseStream.MoveNext());
        var answer = call.ResponseStream.Current;
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext());
        return answer;
    }
}
