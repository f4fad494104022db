// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using TokenLedger.Core.Json;
using TokenLedger.Node.Clients;
using TokenLedger.Node.Clients.Access;
using TokenLedger.Node.Configuration;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Bridge.V1;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Node.Tests;

public sealed class PrincipalsTests : IDisposable
{
    private static readonly string Key = ApiKey.Generate();
    private static readonly ClientAddress Address = ClientAddress.Of(IPAddress.Parse("10.0.0.1"));

    private readonly string _folder = Directory.CreateTempSubdirectory("tokenledger-principals-").FullName;
    private readonly StandingClock _clock = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void TryResolve_KeyOfAPrincipal_GivesItsNameScopesAndQuota()
    {
        PrincipalBook book = Book(One("read", "submit"));
        Assert.True(Resolve(book, ApiKey.Header(Key), out Caller caller));
        Assert.Equal(
            new Caller(default, "exchange-1", ApiScopes.Read | ApiScopes.Submit, 500, 9), caller);
        Assert.True(Resolve(book, null, out Caller anonymous));
        Assert.Equal((Address, null, ApiScopes.None), (
            anonymous.Address, anonymous.Principal, anonymous.Scopes));
    }

    [Theory]
    [InlineData("Bearer ")]
    [InlineData("Basic dXNlcjpwYXNz")]
    [InlineData("Bearer tlk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("")]
    public void TryResolve_KeyOfNobody_IsRefusedAndCountsForItsAddress(string header)
    {
        Assert.False(Resolve(Book(One("read")), header, out Caller caller));
        Assert.Equal((Address, ApiScopes.None), (caller.Address, caller.Scopes));
    }

    [Fact]
    public void TryResolve_KeyAfterItsLastDay_IsRefused()
    {
        string day = _clock.GetUtcNow().UtcDateTime.Date.AddDays(2).ToString(
            "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        PrincipalBook book = Book(One("read").Replace(
            "\"}]", $"\",\"notAfter\":\"{day}\"}}]", StringComparison.Ordinal));
        Assert.True(Resolve(book, ApiKey.Header(Key), out _));
        _clock.Advance(3 * 24 * 3_600);
        Assert.False(Resolve(book, ApiKey.Header(Key), out _));
    }

    [Fact]
    public void TryResolve_AfterTheFileChanged_FollowsItAndKeepsTheLastGoodOne()
    {
        PrincipalBook book = Book(One("read"));
        Write("{ no JSON", 1);
        _clock.Advance(6);
        Assert.True(Resolve(book, ApiKey.Header(Key), out _));
        Write("{\"principals\":[]}", 2);
        Assert.True(Resolve(book, ApiKey.Header(Key), out _));
        _clock.Advance(6);
        Assert.False(Resolve(book, ApiKey.Header(Key), out _));
    }

    [Fact]
    public void Read_SomethingTwice_IsRefused()
    {
        string one = One("read");
        string twice = one[..^2] + "," + one["{\"principals\":[".Length..];
        Assert.Throws<StrictJsonException>(() => Principals.Read(Encoding.UTF8.GetBytes(twice)));
        Assert.Throws<NodeConfigurationException>(() => Book(twice));
        Assert.Throws<NodeConfigurationException>(() =>
            new PrincipalBook(Path.Combine(_folder, "none"), _clock, NullLogger.Instance));
    }

    [Fact]
    public void TryResolve_WithoutAFile_AllowsEverybodyEverything()
    {
        var book = new PrincipalBook(null, _clock, NullLogger.Instance);
        Assert.True(Resolve(book, null, out Caller caller));
        Assert.Equal((ApiScopes.All, 50), (caller.Scopes, caller.CallsPerSecond));
    }

    [Fact]
    public void Needed_OfEveryMethodThatIsServed_IsAScopeAndOfTheStandardOnesNone()
    {
        Google.Protobuf.Reflection.ServiceDescriptor[] served =
        [
            TransactionService.Descriptor, QueryService.Descriptor, EventService.Descriptor,
            BlockService.Descriptor, BridgeService.Descriptor,
        ];
        foreach (Google.Protobuf.Reflection.MethodDescriptor method in served.SelectMany(s => s.Methods))
        {
            ApiScopes needed = MethodScopes.Needed($"/{method.Service.FullName}/{method.Name}");
            Assert.Equal(method.IsServerStreaming, needed == ApiScopes.Stream);
            Assert.Equal(
                method.Name.StartsWith("Submit", StringComparison.Ordinal), needed == ApiScopes.Submit);
            Assert.NotEqual(ApiScopes.None, needed);
        }

        Assert.Equal(
            ApiScopes.Submit,
            MethodScopes.Needed("/tokenledger.ledger.v1.TransactionService/SubmitTransaction"));
        Assert.Equal(
            ApiScopes.Read, MethodScopes.Needed("/tokenledger.bridge.v1.BridgeService/ListLanes"));
        Assert.Equal(
            ApiScopes.Stream, MethodScopes.Needed("/tokenledger.ledger.v1.EventService/Subscribe"));
        Assert.Equal(ApiScopes.None, MethodScopes.Needed("/grpc.health.v1.Health/Check"));
    }

    private static string One(params string[] scopes) =>
        "{\"principals\":[{\"name\":\"exchange-1\",\"scopes\":["
        + string.Join(',', scopes.Select(static scope => $"\"{scope}\""))
        + $"],\"callsPerSecond\":500,\"openCalls\":9,\"keys\":[{{\"hash\":\"{ApiKey.HashOf(Key)}\"}}]}}]}}";

    private static bool Resolve(PrincipalBook book, string? header, out Caller caller) =>
        book.TryResolve(header, null, Address, ClientQuota.Default, out caller);

    private PrincipalBook Book(string text)
    {
        Write(text, 0);
        return new PrincipalBook(File(), _clock, NullLogger.Instance);
    }

    /// <summary>With a time of its own, whatever the file system's resolution.</summary>
    private void Write(string text, int minute)
    {
        System.IO.File.WriteAllText(File(), text);
        System.IO.File.SetLastWriteTimeUtc(
            File(), new DateTime(2027, 1, 1, 0, minute, 0, DateTimeKind.Utc));
    }

    private string File() => Path.Combine(_folder, "principals.json");
}
