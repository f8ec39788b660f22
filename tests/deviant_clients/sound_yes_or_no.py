"""Has a fixed title and one number a call, and hands out neither ids, nor codes, nor gsmerror."""

from correct import CorrectClient


class SoundClient(CorrectClient):
    able = (*CorrectClient.able, "no_ids", "no_codes", "no_gsmerror", "fixed_title", "one_number")

    def answer(self, call):
        if call["op"] == "send" and (len(call["recipients"]) != 1 or call["title"] is not None):
            raise ValueError(call)
        answer = super().answer({**call, "title": "Kobikom"} if call["op"] == "send" else call)
        for one in answer.get("results", ()):
            one.update(status=None if one["status"] else 0, message_id=None)
        for one in answer.get("reports", ()):
            one["gsmerror"] = None
        if answer.get("error"):
            answer["error"]["code"] = None
        return answer


if __name__ == "__main__":
    SoundClient().serve()
