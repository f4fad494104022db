// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Rpc;
using TokenLedger.Testing.Generators;
using Status = Grpc.Core.Status;

namespace TokenLedger.Protocol.Tests;

public sealed class ErrorModelTests
{
    [Fact]
    public void Read_Failure_GivesReasonDomainAndMetadata()
    {
        RpcException failure = ErrorModel.Failure(
            StatusCode.NotFound, "ASSET_UNKNOWN", "No such asset.",
            new Dictionary<string, string> { ["a"] = "1" });
        ErrorInfo? info = ErrorModel.Read(failure);
        Assert.Equal(StatusCode.NotFound, failure.StatusCode);
        Assert.Equal("No such asset.", failure.Status.Detail);
        Assert.Equal(("ASSET_UNKNOWN", ErrorModel.Domain), (info?.Reason, info?.Domain));
        Assert.Equal("1", info?.Metadata["a"]);
    }

    [Fact]
    public void Refusal_EveryCode_KeepsReasonIndexAndRetriability()
    {
        foreach (RejectionCode code in System.Enum.GetValues<RejectionCode>())
        {
            var rejection = new Rejection(code, "Because.", 3);
            RpcException failure = ErrorModel.Refusal(rejection);
            ErrorInfo info = ErrorModel.Read(failure)!;
            Assert.Equal(rejection.Reason, info.Reason);
            Assert.Equal("3", info.Metadata[ErrorModel.OperationKey]);
            Assert.Equal(RejectionCodes.IsRetriable(code), info.Metadata[ErrorModel.RetriableKey] == "true");
            Assert.NotEqual(StatusCode.OK, failure.StatusCode);
            Assert.NotEqual(StatusCode.Unknown, failure.StatusCode);
            Assert.NotEqual(StatusCode.Internal, failure.StatusCode);
            Assert.Equal(
                failure.StatusCode == StatusCode.ResourceExhausted,
                ErrorModel.RetryAfter(failure) is not null);
        }
    }

    [Theory]
    [InlineData(RejectionCode.NotCanonical, StatusCode.InvalidArgument)]
    [InlineData(RejectionCode.BadSignature, StatusCode.Unauthenticated)]
    [InlineData(RejectionCode.SenderUnknown, StatusCode.PermissionDenied)]
    [InlineData(RejectionCode.PoolFull, StatusCode.ResourceExhausted)]
    [InlineData(RejectionCode.Unavailable, StatusCode.Unavailable)]
    [InlineData(RejectionCode.NonceUsed, StatusCode.AlreadyExists)]
    [InlineData(RejectionCode.InsufficientAvailable, StatusCode.FailedPrecondition)]
    public void Refusal_Code_HasItsStatus(RejectionCode code, StatusCode status) =>
        Assert.Equal(status, ErrorModel.Refusal(new Rejection(code, "")).StatusCode);

    [Fact]
    public void Read_NoDetails_IsNull() =>
        Assert.Null(ErrorModel.Read(new RpcException(new Status(StatusCode.Internal, "x"))));

    [Fact]
    public void Read_DetailsOfAnotherType_IsNull()
    {
        var status = new Google.Rpc.Status { Details = { Any.Pack(new StringValue { Value = "x" }) } };
        Assert.Null(ErrorModel.Read(With(status.ToByteArray())));
    }

    [Fact]
    public void Read_MalformedDetails_NeverThrows()
    {
        byte[] right = RpcStatusDetails.Get(ErrorModel.Failure(StatusCode.Aborted, "REASON", "detail"))!;
        for (int seed = 0; seed < 5_000; seed++)
        {
            var generator = new CoreGenerator(seed);
            byte[] bytes = seed % 4 == 0 ? generator.Bytes(generator.Below(60)) : generator.Mutate(right);
            Exception? thrown = Record.Exception(() => ErrorModel.Read(With(bytes)));
            Assert.True(thrown is null, $"seed {seed}: {thrown}");
        }
    }

    private static RpcException With(byte[] details) =>
        RpcStatusDetails.Create(new Status(StatusCode.Internal, "x"), details);
}
