// Characters of the word list that handwriting makes alike. A code with one of them taken for another is refused, or,
// once in sixteen times, is a code under which nothing is kept.
import { say } from './sentences';

const GROUPS = [
  '未末本', '土士工', '日曰目', '人入八', '干千于', '大太天夫', '王玉主', '牛午', '田由甲申', '白自', '今令', '几九', '力刀',
  '贝见', '住佳往', '折拆析', '性姓', '第弟', '辨辩', '买卖', '同向', '石右', '乌鸟', '名各', '问间闻', '技枝', '侧测则', '情清请',
  '陪倍培', '历厉', '冶治', '没设', '处外', '史吏使', '木术', '休体', '化代', '特持', '例列', '万方', '开井', '厂广', '元无', '找我',
  '低底', '科料', '话活', '径经轻', '及乃', '斤斥', '旦且', '酒泪', '载栽裁', '烧浇', '徒徙', '准淮', '快块',
  '眼很', '跟根', '消销', '责贵', '领须', '项顶预', '去丢', '亡忘', '偏遍篇', '员贡',
];

/** A sentence with the characters to compare with the paper; empty if none of the typed ones is like another. */
export function lookAlikes(typed: string): string {
  const found = GROUPS.filter((group) => [...group].some((character) => typed.includes(character)));
  return found.length === 0 ? '' : say('look-alikes', { pairs: found.map((group) => [...group].join('/')).join(' · ') });
}
