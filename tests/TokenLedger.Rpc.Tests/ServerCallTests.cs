// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Google.Protobuf;
using Grpc.Core;
using TokenLedger.Rpc.Tests.Protos;

namespace TokenLedger.Rpc.Tests;

/// <summary>What a service may do with its call, and what becomes of it.</summary>
public sealed class ServerCallTests
{
    [Fact]
    public async Task Context_OfACall_SaysWhoAndWhat()
    {
        var seen = new Dictionary<string, object?>();
        using var host = await Served.StartAsync(unary: (request, context) =>
        {
            seen["method"] = context.Method;
            seen["host"] = context.Host;
            seen["peer"] = context.Peer;
            seen["left"] = context.Deadline - TimeProvider.System.GetUtcNow().UtcDateTime;
            context.UserState["key"] = 1;
            seen["state"] = context.UserState["key"];
            return Task.FromResult(request);
        });
        await host.Client.WithHost("ledger.example").EchoAsync(
            new Payload(), deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(30));
        Assert.Equal("/tokenledger.interop.v1.Interop/Echo", seen["method"]);
        Assert.Equal("ledger.example", seen["host"]);
        Assert.StartsWith("ipv4:127.0.0.1:", (string)seen["peer"]!, StringComparison.Ordinal);
        Assert.InRange((TimeSpan)seen["left"]!, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(31));
        Assert.Equal(1, seen["state"]);
    }

    [Fact]
    public async Task End_FromOutsideTheService_EndsItWithThatFailure()
    {
        var begun = new TaskCompletionSource<ServerCallContext>();
        using var host = await Served.StartAsync(unary: async (request, context) =>
        {
            begun.SetResult(context);
            await new TaskCompletionSource().Task.WaitAsync(context.CancellationToken);
            return request;
        });
        Task<Payload> call = host.Client.EchoAsync(new Payload()).ResponseAsync;
        (await begun.Task).End(new RpcException(new Status(StatusCode.Unauthenticated, "No more.")));
        RpcException ended = await Assert.ThrowsAsync<RpcException>(() => call);
        Assert.Equal((StatusCode.Unauthenticated, "No more."), (ended.StatusCode, ended.Status.Detail));

        // What has ended is left alone.
        (await begun.Task).End(new RpcException(new Status(StatusCode.Aborted, "")));
    }

    [Fact]
    public async Task MaxDeadline_UnaryWithoutOne_IsEnded()
    {
        using var host = await Served.StartAsync(
            new RpcServerOptions { MaxDeadline = TimeSpan.FromMilliseconds(100) },
            unary: async (request, context) =>
            {
                await new TaskCompletionSource().Task.WaitAsync(context.CancellationToken);
                return request;
            });
        await ExpectAsync(StatusCode.DeadlineExceeded, host.Client.EchoAsync(new Payload()).ResponseAsync);
    }

    [Fact]
    public async Task Unary_WithoutADeadline_HasTheServersDefault()
    {
        using var host = await Served.StartAsync(
            new RpcServerOptions { DefaultDeadline = TimeSpan.FromMilliseconds(100) },
            unary: async (request, context) =>
            {
                await new TaskCompletionSource().Task.WaitAsync(context.CancellationToken);
                return request;
            });
        await ExpectAsync(StatusCode.DeadlineExceeded, host.Client.EchoAsync(new Payload()).ResponseAsync);
    }

    [Fact]
    public async Task Status_SetByService_IsSentWithResponse()
    {
        using var host = await Served.StartAsync(unary: (request, context) =>
        {
            context.Status = new Status(StatusCode.Aborted, "set");
            context.ResponseTrailers.Add("x-t", "1");
            return Task.FromResult(request);
        });
        var error = await ExpectAsync(StatusCode.Aborted, host.Client.EchoAsync(new Payload()).ResponseAsync);
        Assert.Equal("1", error.Trailers.GetValue("x-t"));
    }

    [Fact]
    public async Task Failure_WithContextsOwnTrailers_IsSentOnce()
    {
        using var host = await Served.StartAsync(unary: (_, context) =>
        {
            context.ResponseTrailers.Add("x-t", "1");
            throw new RpcException(new Status(StatusCode.Aborted, ""), context.ResponseTrailers);
        });
        var error = await ExpectAsync(StatusCode.Aborted, host.Client.EchoAsync(new Payload()).ResponseAsync);
        Assert.Single(error.Trailers.GetAll("x-t"));
    }

    [Fact]
    public async Task Failure_WithStatusDetails_CarriesTheBytes()
    {
        byte[] details = [8, 5, 18, 3, 0xff, 0, 1];
        using var host = await Served.StartAsync(unary: (_, _) =>
            throw RpcStatusDetails.Create(new Status(StatusCode.InvalidArgument, "bad"), details));
        var error = await ExpectAsync(
            StatusCode.InvalidArgument, host.Client.EchoAsync(new Payload()).ResponseAsync);
        Assert.Equal(details, RpcStatusDetails.Get(error));
    }

    [Fact]
    public async Task Failure_Unexpected_LeaksNothing()
    {
        using var host = await Served.StartAsync(unary: (_, _) => throw new FormatException("secret"));
        var error = await ExpectAsync(StatusCode.Unknown, host.Client.EchoAsync(new Payload()).ResponseAsync);
        Assert.DoesNotContain("secret", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Response_Null_IsInternal()
    {
        using var host = await Served.StartAsync(unary: (_, _) => Task.FromResult<Payload>(null!));
        await ExpectAsync(StatusCode.Internal, host.Client.EchoAsync(new Payload()).ResponseAsync);
    }

    [Fact]
    public async Task Duplex_ServiceEndsWithPendingRead_StatusArrives()
    {
        using var host = await Served.StartAsync(duplex: async (requests, responses, _) =>
        {
            var pending = requests.MoveNext();
            Assert.False(pending.IsCompleted);
            await responses.WriteAsync(new Payload { Number = 9 });
        });
        using var call = host.Client.Exchange();
        Assert.True(await call.ResponseStream.MoveNext());
        Assert.False(await call.ResponseStream.MoveNext());
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => call.RequestStream.WriteAsync(new Payload()));
    }

    [Fact]
    public async Task Duplex_WriteAfterTheCall_IsRefused()
    {
        IServerStreamWriter<Payload>? kept = null;
        using var host = await Served.StartAsync(duplex: (_, responses, _) =>
        {
            kept = responses;
            return Task.CompletedTask;
        });
        using var call = host.Client.Exchange();
        Assert.False(await call.ResponseStream.MoveNext());
        await Assert.ThrowsAnyAsync<Exception>(() => kept!.WriteAsync(new Payload()));
        Assert.Equal(3, (await host.Client.EchoAsync(new Payload { Number = 3 })).Number);
    }

    [Fact]
    public async Task Stream_ReadTwiceAtOnce_IsRefused()
    {
        using var host = await Served.StartAsync(duplex: async (requests, responses, _) =>
        {
            var first = requests.MoveNext();
            await Assert.ThrowsAsync<InvalidOperationException>(() => requests.MoveNext());
            await responses.WriteAsync(new Payload());
            Assert.True(await first);
        });
        using var call = host.Client.Exchange();
        Assert.True(await call.ResponseStream.MoveNext());
        await call.RequestStream.WriteAsync(new Payload());
        Assert.False(await call.ResponseStream.MoveNext());
    }

    [Fact]
    public async Task BufferHint_ManyMessages_AllArrive()
    {
        using var host = await Served.StartAsync(duplex: async (_, responses, _) =>
        {
            responses.WriteOptions = new WriteOptions(WriteFlags.BufferHint);
            for (var i = 0; i < 10_000; i++)
            {
                await responses.WriteAsync(new Payload { Number = i });
            }
        });
        using var call = host.Client.Exchange();
        var next = 0;
        await foreach (var payload in call.ResponseStream.ReadAllAsync())
        {
            Assert.Equal(next++, payload.Number);
        }

        Assert.Equal(10_000, next);
    }

    [Fact]
    public async Task Interceptor_Refuses_BeforeTheService()
    {
        var options = new RpcServerOptions
        {
            Interceptor = (context, next) => context.RequestHeaders.GetValue("authorization") == "yes"
                ? next()
                : throw new RpcException(new Status(StatusCode.Unauthenticated, "who?")),
        };
        using var host = await Served.StartAsync(options);
        await ExpectAsync(StatusCode.Unauthenticated, host.Client.EchoAsync(new Payload()).ResponseAsync);
        await host.Client.EchoAsync(new Payload(), new Metadata { { "authorization", "yes" } });
    }

    [Fact]
    public async Task Interceptor_SeesFailures_AsTheClientDoes()
    {
        var seen = new TaskCompletionSource<StatusCode>();
        var options = new RpcServerOptions
        {
            Interceptor = async (_, next) =>
            {
                try
                {
                    await next();
                }
                catch (RpcException e)
                {
                    seen.SetResult(e.StatusCode);
                    throw;
                }
            },
        };
        using var host = await Served.StartAsync(options, unary: (_, _) => throw new FormatException());
        await ExpectAsync(StatusCode.Unknown, host.Client.EchoAsync(new Payload()).ResponseAsync);
        Assert.Equal(StatusCode.Unknown, await seen.Task);
    }

    /// <summary>What counts calls counts this one until the client has read, not until the service is done.
    /// </summary>
    [Fact]
    public async Task Interceptor_LargeUnaryResponse_LastsUntilTheClientReads()
    {
        var ended = new TaskCompletionSource();
        var options = new RpcServerOptions
        {
            Interceptor = async (_, next) =>
            {
                await next();
                ended.SetResult();
            },
        };
        var large = new Payload { Data = ByteString.CopyFrom(new byte[2 * 1024 * 1024]) };
        using var host = await Served.StartAsync(options, unary: (_, _) => Task.FromResult(large));
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(
            HttpMethod.Post, new Uri(host.Address, "/tokenledger.interop.v1.Interop/Echo"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(RawCall.Frame(new Payload())),
        };
        request.Content.Headers.TryAddWithoutValidation("content-type", "application/grpc");
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.False(ended.Task.IsCompleted);
        var read = await response.Content.ReadAsByteArrayAsync();
        Assert.InRange(read.Length, large.Data.Length, int.MaxValue);
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    private static async Task<RpcException> ExpectAsync(StatusCode code, Task call)
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => call);
        Assert.True(code == error.StatusCode, error.ToString());
        return error;
    }
}
