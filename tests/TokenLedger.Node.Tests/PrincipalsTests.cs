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
    private const string Nobody = "{\"principals\":[]}";

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
    public void TryResolve_KeyOnItsLastDayAndAfterIt_IsTakenToTheDaysEnd()
    {
        const int Day = 24 * 3_600;
        string day = _clock.GetUtcNow().UtcDateTime.Date.AddDays(1).ToString(
            "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        PrincipalBook book = Book(One("read").Replace(
            "\"}]", $"\",\"notAfter\":\"{day}\"}}]", StringComparison.Ordinal));
        _clock.Advance(Day);
        Assert.True(Resolve(book, ApiKey.Header(Key), out _));
        _clock.Advance(Day - 1);
        Assert.True(Resolve(book, ApiKey.Header(Key), out _));
        _clock.Advance(1);
        Assert.False(Resolve(book, ApiKey.Header(Key), out _));
    }

    [Fact]
    public void TryResolve_AfterTheFileChanged_FollowsItAndKeepsTheLastGoodOne()
    {
        PrincipalBook book = Book(One("read"));
        Write("{ no JSON");
        _clock.Advance(6);
        Assert.True(Resolve(book, ApiKey.Header(Key), out _));
        Write(Nobody);
        Assert.True(Resolve(book, ApiKey.Header(Key), out _));
        _clock.Advance(6);
        Assert.False(Resolve(book, ApiKey.Header(Key), out _));
    }

    /// <summary>As a volume of Kubernetes: the file is a link to a link, and only that one changes.</summary>
    [Fact]
    public void TryResolve_FileBehindALinkChanged_FollowsIt()
    {
        string Folder(string name, string content)
        {
            string folder = Path.Combine(_folder, name);
            Directory.CreateDirectory(folder);
            System.IO.File.WriteAllText(Path.Combine(folder, "principals.json"), content);
            return folder;
        }

        string data = Path.Combine(_folder, "..data");
        Directory.CreateSymbolicLink(data, Folder("first", One("read")));
        System.IO.File.CreateSymbolicLink(File(), Path.Combine(data, "principals.json"));
        var book = new PrincipalBook(File(), _clock, NullLogger.Instance);
        Assert.True(Resolve(book, ApiKey.Header(Key), out _));
        Directory.Delete(data);
        Directory.CreateSymbolicLink(data, Folder("second", Nobody));
        _clock.Advance(6);
        Assert.False(Resolve(book, ApiKey.Header(Key), out _));
    }

    [Fact]
    public void TryResolve_FileThatCouldNotBeReadOnce_IsReadAgain()
    {
        PrincipalBook book = Book(One("read"));
        string aside = Path.Combine(_folder, "aside.json");
        System.IO.File.WriteAllText(aside, Nobody);
        System.IO.File.Delete(File());
        _clock.Advance(6);
        Assert.True(Resolve(book, ApiKey.Header(Key), out _));
        System.IO.File.Move(aside, File());
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
        book.TryResolve(Credentials.Of(header, null), Address, ClientQuota.Default, out caller);

    private PrincipalBook Book(string text)
    {
        Write(text);
        return new PrincipalBook(File(), _clock, NullLogger.Instance);
    }

    private void Write(string text) => System.IO.File.WriteAllText(File(), text);

    private string File() => Path.Combine(_folder, "principals.json");
}
